import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { KnownSpecs } from './known-specs';
import type { Workbench } from './main';
import type { Outcome } from './progress';
import { specInputs } from './spec-inputs';
import { keepSpecTimes } from './spec-times';
import { fromJest, oneCheck, type CheckResult, type JestReport } from './test-report';

export interface JestStage {
  title: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** Holds each spec to what is known of it. */
const watchReads = join(__dirname, 'spec-reads.setup.ts');

/** Absolute paths. */
export interface JestFolders {
  /** For Jest's reports. */
  reports: string;
  /** What is known of specs, for all clones. */
  cache: string;
}

/** In the folder for all clones. */
const timesFile = 'spec-times.json';

type Log = (line: string) => void;

/** Runs Jest, as one step. */
export function jest(workbench: Workbench, stage: JestStage, folders: JestFolders): Promise<CheckResult> {
  return inStep(workbench, stage.title, async (log) => {
    const result = fromJest(stage.title, await runJest(workbench, stage, folders, log));
    return { result, outcome: `${result.passed} passed` };
  });
}

export interface RestingStage extends JestStage {
  /** Of the path of a file, whether it is a spec of this stage. */
  isSpec: (path: string) => boolean;
  /** Of the path of a spec, whether it depends on nothing but what it reads. All do when absent. */
  mayRest?: (path: string) => boolean;
}

/** Runs, as one step, the tests that have not passed before on all that they read, and those that may not rest. */
export function restingTests(
  workbench: Workbench,
  stage: RestingStage,
  folders: JestFolders,
): Promise<CheckResult> {
  const { root } = workbench;
  const { title, isSpec, mayRest = () => true } = stage;
  const inputs = () => specInputs(root, new ProcessRunner(), isSpec);
  return inStep(workbench, title, async (log) => {
    const all = await inputs();
    const before = new Map([...all].filter(([spec]) => mayRest(spec)));
    const known = new KnownSpecs(before, join(folders.cache, slug(title)));
    const specs = [...[...all.keys()].filter((spec) => !before.has(spec)), ...known.unknown];
    let result: CheckResult = { passed: 0, failed: 0, failures: [] };
    if (specs.length > 0) {
      const file = join(folders.reports, `${slug(title)}.inputs.json`);
      writeFileSync(file, JSON.stringify(Object.fromEntries(before)));
      const args = [...stage.args, '--setupFilesAfterEnv', watchReads, '--runTestsByPath', ...specs];
      const env = { ...stage.env, BERTH_SPEC_INPUTS: file };
      const report = await runJest(workbench, { ...stage, args, env }, folders, log);
      known.keep(root, report, await inputs());
      result = fromJest(title, report);
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
  { reports, cache }: JestFolders,
  log: Log,
): Promise<JestReport> {
  const times = join(cache, timesFile);
  const file = join(reports, `${slug(title)}.json`);
  const jest = [process.execPath, 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${file}`];
  await new ProcessRunner().run([...jest, ...args], {
    cwd: root,
    signal,
    env: { NX_DAEMON: 'false', NO_COLOR: '1', BERTH_SPEC_TIMES: times, ...env },
    expect: [0, 1],
    // Standard output is the report once more.
    onLine: (line, stream) => stream === 'stderr' && log(line),
  });
  const report = JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  keepSpecTimes(root, report, times);
  return report;
}

function slug(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}
