import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  fileError,
  Interrupted,
  interruptible,
  ownTemporaryFolder,
  ProcessRunner,
  writeWhole,
} from '@berth/exec';
import { UserError } from '@berth/model';
import type { Benchmark, Outcome } from './benchmark';
import { deployCosts } from './deploy/costs';
import { deploy } from './deploy/deploy';
import { gateway } from './gateway/gateway';
import { images } from './images/images';
import { thisMachine } from './machine';
import { monitoring } from './monitoring/monitoring';
import { reportJson, reportTable, type Report } from './report';
import { status } from './status/status';

/** The exit code of a command that Ctrl-C has ended, as shells have it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

const benchmarks = new Map<string, Benchmark>([
  ['deploy', deploy],
  ['deploy-costs', deployCosts],
  ['gateway', gateway],
  ['images', images],
  ['monitoring', monitoring],
  ['status', status],
]);

const usage = `nx bench images                    all sizes; the results go to bench/results
nx bench images --services=10      some sizes (10, or 10,50), for a quick look; the results go to .berth/bench
nx bench deploy                    the same, of deploys
nx bench deploy-costs              the same by CPU, which other work on the machine hardly changes
nx bench gateway                   the same, of routes; --services=100 for a quick look
nx bench monitoring                the same, of the monitoring page; --services=125 for a quick look
                                   --pictures=docs/pictures takes the pictures of the documents, too
nx bench status                    the same, of the status of environments with 25 services each`;

/**
 * Runs a benchmark and writes its results: `<name>.json` and a table `<name>.md`.
 * @returns the exit code: 0 also when goals were missed, which is in the results
 */
export async function main(argv: string[], root: string): Promise<number> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const { name, benchmark, services, pictures } = parse(argv, root);
    const removeTemporaryFolder = ownTemporaryFolder(process.env);
    try {
      const outcome = await interruptible((signal) =>
        benchmark({
          ...{ root, scratch: tmpdir(), print, signal },
          ...(services !== undefined && { services }),
          ...(pictures !== undefined && { pictures }),
        }),
      );
      const report = await reportOf(outcome, root);
      // What was measured in part is not what is published.
      const folder = join(root, services === undefined ? 'bench/results' : '.berth/bench');
      const table = reportTable(`Benchmark: ${name}`, report);
      writeWhole(
        { path: join(folder, `${name}.json`), content: reportJson(report) },
        { path: join(folder, `${name}.md`), content: table },
      );
      print(`\n${table}\n${join(relative(root, folder), name)}.json and .md are written.`);
      return 0;
    } finally {
      removeTemporaryFolder();
    }
  } catch (thrown) {
    const error = fileError(thrown);
    if (!(error instanceof UserError)) throw error;
    if (error instanceof Interrupted) {
      print('\nInterrupted: no results were written.');
      return INTERRUPTED;
    }
    print(`\n${error.message}`);
    if (error.hint) print(`\n  ${error.hint.replaceAll('\n', '\n  ')}`);
    return 1;
  }
}

interface Parsed {
  name: string;
  benchmark: Benchmark;
  services?: number[];
  /** Absolute path. */
  pictures?: string;
}

/** @throws UserError with the usage when the arguments are not understood */
function parse(argv: string[], root: string): Parsed {
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { services: { type: 'string' }, pictures: { type: 'string' } },
    });
  } catch (error) {
    throw new UserError((error as Error).message, usage);
  }
  const [name = '', ...rest] = parsed.positionals;
  const benchmark = benchmarks.get(name);
  if (benchmark === undefined || rest.length > 0) {
    throw new UserError(
      `"${parsed.positionals.join(' ')}" is no benchmark; there is: ${[...benchmarks.keys()].join(', ')}.`,
      usage,
    );
  }
  const { services } = parsed.values;
  if (parsed.values.pictures !== undefined && name !== 'monitoring')
    throw new UserError(`--pictures is for monitoring: ${name} has nothing to draw.`, usage);
  const pictures =
    parsed.values.pictures === undefined ? {} : { pictures: resolve(root, parsed.values.pictures) };
  if (services === undefined) return { name, benchmark, ...pictures };
  if (!/^[1-9]\d{0,2}(,[1-9]\d{0,2})*$/.test(services)) {
    throw new UserError(`--services must be whole numbers from 1 to 999, not "${services}".`, usage);
  }
  return { name, benchmark, services: services.split(',').map(Number), ...pictures };
}

async function reportOf({ versions, rows, failures = [] }: Outcome, root: string): Promise<Report> {
  const git = async (...args: string[]) =>
    (await new ProcessRunner().run(['git', ...args], { cwd: root })).stdout.trim();
  const changed = await git('status', '--porcelain', '--untracked-files=no');
  const commit = `${await git('rev-parse', '--short=12', 'HEAD')}${changed ? ', changed' : ''}`;
  return { machine: thisMachine(), date: new Date().toISOString(), commit, versions, rows, failures };
}
