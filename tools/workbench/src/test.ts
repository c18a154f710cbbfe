import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { format, lint, UnknownFiles, withBuildInfo, type FileCheck } from './check-caches';
import { jest, restingTests, type RestingStage } from './jest-stage';
import { localCluster } from './local-cluster';
import type { Workbench } from './main';
import type { Outcome } from './progress';
import { graphFile } from './project-graph';
import { isHermetic } from './spec-inputs';
import { start } from './start';
import { oneCheck, total, type CheckResult } from './test-report';
import type { Options } from './usage';

const node = process.execPath;
const program = (path: string, ...args: string[]) => [node, `node_modules/${path}`, ...args];

/** Tests of what others stand on: the environments admin and staging, and the cluster itself. */
const shared = '/apps/e2e/src/shared/';

/** Those of them that leave in peace what all others need: the API server, and the gateway. */
const peaceful = '/apps/e2e/src/shared/(change|desk).real';

/** Those of them that end the cluster, and with it docker and the registry. */
const powerCuts = '/apps/e2e/src/shared/(restart|clean).real';

/**
 * Tests of docker and the registry alone: nothing of theirs asks the API server, which those end to end stop and kill. Those
 * of podman and buildah are among them, one after the other: what an interrupted build has left is told from that of others
 * only while nobody else builds.
 */
const dockerParts = [
  '/libs/engines/src/(docker/|push-faults|buildah/)',
  '/libs/registry/src/docker-config.real',
  '/tools/berth/src/image/engines.real',
];

/** The gateway, and the page behind it, where nobody asks the API server either: in containers of docker's, on a Swarm. */
const gatewayParts = [
  '/apps/gateway/src/(nginx|conformance).real',
  '/apps/gateway/src/swarm/',
  '/apps/e2e/src/monitoring-on-swarm.real',
  '/apps/e2e/src/prometheus/swarm.real',
  '/tools/berth/src/executors/routes/swarm.real',
];

/** A cluster on several hosts made of namespaces, as heavy as the local one: run by hand (CONTRIBUTING). */
const severalHosts = '/apps/e2e-hosts/';

/** Tests of real parts that they start themselves: nothing that the cluster runs, runs on, or has the like of. They may rest. */
const ownParts = [
  '/libs/exec/',
  '/libs/clusters/src/(gke|eks)/',
  '/libs/clusters/src/bare-metal/machine/',
  '/libs/orchestrators/src/(ecs|swarm)/',
  '/libs/registry/src/(authorizer|certificates|http-registry).real',
  '/tools/berth/src/executors/(ecs|swarm).real',
  '/tools/berth/src/generators/ci/linters.real',
  '/apps/e2e/src/prometheus/rules.real',
];

/**
 * Tests on the registry, and on the cluster in namespaces of their own, that bring a workspace of their own too: what they
 * come to is made by the code of this one alone. They may rest.
 */
const ownWorkspaces = [
  '/apps/blotter/',
  '/apps/e2e/src/(concurrency|interruptions|moving).real',
  '/tools/berth/src/generators/ci/pipelines.real',
  '/tools/berth/src/image/(images|tags).real',
];

const isReal = (path: string, parts: readonly string[]) =>
  path.endsWith('.real.spec.ts') && parts.some((part) => new RegExp(part).test(`/${path}`));

const isOfOtherStages = (path: string) =>
  isReal(path, [shared, severalHosts, ...gatewayParts, ...dockerParts, ...ownParts]);

const realParts = { BERTH_REAL_PARTS: '1' };

/** What only tests need: the engines beside docker, a browser, and what installs programs of Python. */
const testPackages = [
  { name: 'podman', file: '/usr/bin/podman' },
  { name: 'buildah', file: '/usr/bin/buildah' },
  { name: 'chromium', file: '/usr/bin/chromium' },
  { name: 'python3-venv', file: '/usr/lib/python3.11/ensurepip/__init__.py' },
];

/** What earlier checks found, by content: for all clones of this user. */
const caches = join(homedir(), '.cache/berth/checks');

const typesFound = '.berth/types.tsbuildinfo';
const typesOfThePageFound = '.berth/types-of-the-page.tsbuildinfo';

/** All that makes a check do less than the whole. */
const kept = (root: string) => [caches, ...[typesFound, typesOfThePageFound].map((path) => join(root, path))];

interface Check {
  title: string;
  /** @param exec runs a program in the workspace, and throws when it fails */
  run(root: string, exec: (argv: string[]) => Promise<void>): Promise<Outcome>;
}

const programCheck = (title: string, ...argv: string[]): Check => ({ title, run: (_, exec) => exec(argv) });

const types = (title: string, config: string, buildInfo: string): Check => ({
  title,
  run: (root, exec) =>
    withBuildInfo(join(root, buildInfo), join(caches, 'types'), () =>
      exec(program('typescript/bin/tsc', '-p', config)),
    ),
});

/** @param argv what checks the files whose paths follow */
const ofFiles = (title: string, name: string, files: FileCheck, argv: string[]): Check => ({
  title,
  async run(root, exec) {
    const unknown = await UnknownFiles.of(root, files, join(caches, name), new ProcessRunner());
    if (unknown.files.length > 0) await exec([...argv, ...unknown.files]);
    unknown.keep();
    return `${unknown.files.length} files that were not known to be well`;
  },
});

/** Without a cached graph the lint rule of the module boundaries skips itself, with no more than a warning. */
const projectGraph = programCheck(
  'Project graph',
  ...program('nx/dist/bin/nx.js', 'graph', `--file=${graphFile}`),
);

/** What needs neither a cluster nor Jest, but the project graph. */
const checks: readonly Check[] = [
  ofFiles(
    'Lint and module boundaries',
    'lint',
    lint,
    program('eslint/bin/eslint.js', '--max-warnings=0', '--no-warn-ignored'),
  ),
  programCheck('Generated files are in step', ...program('nx/dist/bin/nx.js', 'sync:check')),
  types('Types', 'tsconfig.json', typesFound),
  types('Types of the page', 'apps/web/tsconfig.json', typesOfThePageFound),
  ofFiles('Format', 'format', format, program('prettier/bin/prettier.cjs', '--check', '--ignore-unknown')),
];

/**
 * Every check of the repository. Tests on real parts come first, all of which ask the API server; then those end to end
 * that stop it. What needs no API server runs beside the latter, which wait a half of their time.
 * @returns the exit code; the last line printed is `N passed, N failed`.
 */
export async function test(workbench: Workbench, { noCache }: Pick<Options, 'noCache'>): Promise<number> {
  // Tests run on no cluster but one that Berth made: it says so before anything is begun.
  localCluster(workbench.root, workbench.signal);
  if (noCache) for (const path of kept(workbench.root)) rmSync(path, { recursive: true, force: true });
  const reports = join(workbench.root, '.berth/test');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });

  const folders = { reports, cache: caches };
  const results: CheckResult[] = [];
  const run = async (title: string, ...args: string[]) => {
    results.push(await jest(workbench, { title, args, env: realParts }, folders));
  };
  const ignoring = (...parts: string[]) => ['--testPathIgnorePatterns', '/node_modules/', '/dist/', ...parts];
  // No more: what they run beside must not starve.
  const oneWorker = '--maxWorkers=1';
  const twoWorkers = '--maxWorkers=2';
  // One more than a small machine has cores: they wait for servers a part of their time.
  const threeWorkers = '--maxWorkers=3';
  const units = async () => {
    const stage = { title: 'Unit tests', args: [oneWorker], isSpec: isHermetic };
    results.push(await restingTests(workbench, stage, folders));
  };
  const resting = async (stage: Omit<RestingStage, 'env'>) => {
    results.push(await restingTests(workbench, { ...stage, env: realParts }, folders));
  };
  const parts = (title: string, workers: string, those: readonly string[]) =>
    resting({ title, args: [workers], isSpec: (path) => isReal(path, those) });
  const hermetic = async () => {
    for (const each of checks) results.push(await check(workbench, each));
  };
  const setUp = await upAndDeployed(workbench);
  results.push(setUp, await check(workbench, projectGraph));
  if (setUp.failed > 0) {
    await Promise.all([units(), hermetic()]);
  } else {
    const { provider } = localCluster(workbench.root, workbench.signal);
    for (const { title, run } of await provider.planPackages('Debian packages of the tests', testPackages))
      await workbench.progress.step(title, run);
    // One after the other: they stop servers and delete pods of the environments that they share, and wait for them.
    const oneByOne = ['--runInBand', '--forceExit'];
    await Promise.all([
      resting({
        title: 'Tests on real parts',
        args: [threeWorkers],
        isSpec: (path) => isReal(path, ['']) && !isOfOtherStages(path),
        mayRest: (path) => isReal(path, ownWorkspaces),
      }),
      run('Tests of staging', ...oneByOne, peaceful),
    ]);
    const endToEnd = run('End to end', ...oneByOne, shared, ...ignoring(peaceful, powerCuts));
    const docker = parts('Tests on docker and the registry', oneWorker, dockerParts);
    const gateway = parts('Tests of the gateway', twoWorkers, gatewayParts);
    const cut = Promise.all([endToEnd, docker, gateway]).then(() =>
      run('Power cuts', ...oneByOne, powerCuts),
    );
    await Promise.all([
      // Theirs are images from the registry, which a power cut ends too.
      cut.then(() => parts('Tests on parts of their own', threeWorkers, ownParts)),
      docker.then(units).then(hermetic),
    ]);
  }
  const { passed, failed, failures } = total(results);
  for (const failure of failures) workbench.print(`✗ ${failure}`);
  const summary = `${passed} passed, ${failed} failed`;
  writeFileSync(join(reports, 'summary'), `${summary}\n`);
  workbench.print(summary);
  return failed === 0 ? 0 : 1;
}

/** `npm start` is a check itself: nothing after it can run when it fails. */
async function upAndDeployed(workbench: Workbench): Promise<CheckResult> {
  try {
    await start(workbench, {});
    return oneCheck('npm start', undefined);
  } catch (error) {
    return oneCheck('npm start', error as Error);
  }
}

async function check({ root, progress, signal }: Workbench, { title, run }: Check): Promise<CheckResult> {
  try {
    await progress.step(title, (log) =>
      run(root, async (argv) => {
        await new ProcessRunner().run(argv, {
          cwd: root,
          signal,
          env: { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NO_COLOR: '1' },
          onLine: log,
        });
      }),
    );
    return oneCheck(title, undefined);
  } catch (error) {
    return oneCheck(title, error as Error);
  }
}
