import type { Step } from '@berth/clusters';

/** What was done, for the `--json` file. */
export interface StepResult {
  title: string;
  seconds: number;
}

/** The plan as text: each step with what it will do. */
export function planLines(steps: readonly Step[]): string[] {
  return steps.flatMap(({ title, details }) => [title, ...details.map((detail) => `    ${detail}`)]);
}

/**
 * Runs the steps one after the other, printing each as it starts and ends with its time, and its progress. The output
 * of a step is shown when it fails, or at once when `verbose`.
 */
export async function runSteps(
  steps: readonly Step[],
  print: (line: string) => void,
  verbose: boolean,
  now: () => number = Date.now,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    print(`▸ ${step.title}`);
    const started = now();
    const seconds = () => (now() - started) / 1000;
    const lines: string[] = [];
    try {
      const show = (line: string) => print(`    ${line}`);
      await step.run((line) => (verbose ? show(line) : lines.push(line)), show);
    } catch (error) {
      for (const line of lines.slice(-60)) print(`    ${line}`);
      print(`✗ ${step.title}: failed after ${seconds().toFixed(1)} s`);
      throw error;
    }
    print(`✓ ${step.title}  (${seconds().toFixed(1)} s)`);
    results.push({ title: step.title, seconds: seconds() });
  }
  return results;
}
