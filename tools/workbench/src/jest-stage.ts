import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { KnownSpecs } from './known-specs';
import type { Workbench } from './main';
import type { Outcome } from './progress';
import { specInputs } from './spec-inputs';
import { fromJest, oneCheck, type CheckResult, type JestReport } from './test-report';

export interface JestStage {
  title: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** Holds each spec to what is known of it. */
const watchReads = join(__dirname, 'spec-reads.setup.ts');

type Log = (line: string) => void;

/**
 * Runs Jest, as one step.
 * @param reports absolute path of the folder for Jest's report
 */
export function jest(workbench: Workbench, stage: JestStage, reports: string): Promise<CheckResult> {
  return inStep(workbench, stage.title, async (log) => {
    const result = fromJest(stage.title, await runJest(workbench, stage, reports, log));
    return { result, outcome: `${result.passed} passed` };
  });
}

export interface RestingStage extends JestStage {
  /** Of the path of a file, whether it is a spec of this stage. */
  isSpec: (path: string) => boolean;
}

/**
 * Runs tests that depend on nothing but what they read, as one step: those that have not passed before on all of it.
 * @param cache folder for all clones
 */
export function restingTests(
  workbench: Workbench,
  stage: RestingStage,
  reports: string,
  cache: string,
): Promise<CheckResult> {
  const { root } = workbench;
  const inputs = () => specInputs(root, new ProcessRunner(), stage.isSpec);
  return inStep(workbench, stage.title, async (log) => {
    const before = await inputs();
    const known = new KnownSpecs(before, join(cache, slug(stage.title)));
    let result: CheckResult = { passed: 0, failed: 0, failures: [] };
    if (known.unknown.length > 0) {
      const file = join(reports, `${slug(stage.title)}.inputs.json`);
      writeFileSync(file, JSON.stringify(Object.fromEntries(before)));
      const args = [...stage.args, '--setupFilesAfterEnv', watchReads, '--runTestsByPath', ...known.unknown];
      const report = await runJest(
        workbench,
        { ...stage, args, env: { ...stage.env, BERTH_SPEC_INPUTS: file } },
        reports,
        log,
      );
      known.keep(root, report, await inputs());
      result = fromJest(stage.title, report);
    }
    const passed = result.passed + known.passed;
    const rest = `, ${known.passed} of them as before: nothing that they read has changed`;
    return { result: { ...result, passed }, outcome: `${passed} passed${known.passed > 0 ? rest : ''}` };
  });
}

async function inStep(
  { progress }: Workbench,
  title: string,
  run: (log: Log) => Promise<{ result: CheckResult; outcome: Outcome }>,
): Promise<CheckResult> {
  let result: CheckResult | undefined;
  try {
    await progress.step(title, async (log) => {
      const ran = await run(log);
      result = ran.result;
      if (result.failed > 0) throw new Error(`${result.failed} of ${result.passed + result.failed} failed`);
      return ran.outcome;
    });
  } catch (error) {
    return result ?? oneCheck(title, error as Error);
  }
  return result ?? oneCheck(title, new Error('nothing ran'));
}

async function runJest(
  { root, signal }: Workbench,
  { title, args, env }: JestStage,
  reports: string,
  log: Log,
): Promise<JestReport> {
  const file = join(reports, `${slug(title)}.json`);
  const jest = [process.execPath, 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${file}`];
  await new ProcessRunner().run([...jest, ...args], {
    cwd: root,
    signal,
    env: { NX_DAEMON: 'false', NO_COLOR: '1', ...env },
    expect: [0, 1],
    // Standard output is the report once more.
    onLine: (line, stream) => stream === 'stderr' && log(line),
  });
  return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
}

function slug(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}
