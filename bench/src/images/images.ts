import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildx, BUILDX_VERSION } from '@berth/engines';
import { ProcessRunner, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { SmallWorkspace } from '@berth/nx/src/testing-workspace';
import { TestRegistry } from '@berth/registry/src/testing-registry';
import nxDockerPackage from '@nx/docker/package.json';
import type { BenchContext, Outcome } from '../benchmark';
import { installNothing } from '../nothing';
import { bareEnvironment } from '../nx';
import { Samples } from '../samples';
import { rotated } from '../statistics';
import { bake, berth, nxAlone, nxDocker, shellLoop } from './contestants';
import { DockerDaemon } from './docker-daemon';
import { Field } from './field';
import { Lane, type Surroundings } from './lane';
import { rowsOf, type ImageSamples } from './rows';

const SIZES = [10, 50, 200];

const peers = [nxDocker, bake, shellLoop];

/** Enough for a median where a run is short, and an end within half an hour where it is not. */
const runsOf = (size: number) => (size <= 10 ? 5 : size <= 50 ? 3 : 1);

/** Of Berth with nothing changed, which is short in every size, and what most goals are about. */
const UNCHANGED_RUNS = 5;

/**
 * Images brought to a registry by Berth and by its peers: with all, none and one of the services changed. All have the
 * same dockerd and the same registry, both of the benchmark's own.
 */
export async function images({
  root,
  scratch,
  signal,
  print,
  services: sizes = SIZES,
}: BenchContext): Promise<Outcome> {
  if (process.getuid?.() !== 0) {
    throw new UserError(
      'This benchmark starts a dockerd of its own, which needs root.',
      'sudo --preserve-env=PATH npx nx bench images',
    );
  }
  const runner = new ProcessRunner({ signal });
  const plugin = await buildx({ onLine: print, signal });
  const packages = await SmallWorkspace.of({});
  const cleaning: (() => Promise<void>)[] = [];
  try {
    const daemon = await DockerDaemon.start(join(scratch, 'docker'), runner);
    cleaning.unshift(() => daemon.stop());
    const registry = await TestRegistry.start({ folder: scratch, name: 'registry' });
    cleaning.unshift(() => registry.stop());
    const env = environment(scratch, daemon.host, plugin);
    const modules = join(packages.root, 'node_modules');
    installNothing(modules);
    const surroundings: Surroundings = {
      scratch,
      registry: registry.host,
      storage: join(scratch, 'images'),
      modules,
      env,
      signal,
    };
    const samples: ImageSamples = new Samples();
    const failures: string[] = [];
    for (const size of sizes) failures.push(...(await race(size, surroundings, samples, print)));
    const names = {
      berth: berth.name,
      peers: peers.map(({ name }) => name),
      nx: nxAlone.name,
      alone: shellLoop.name,
    };
    return {
      versions: await versionsOf(new ProcessRunner({ signal, env, cwd: root })),
      rows: rowsOf(samples, sizes, names),
      failures,
    };
  } finally {
    for (const clean of cleaning) await clean();
  }
}

/**
 * All contestants in every case, in turns: what slows the machine down for a while slows all of them.
 * @returns what peers could not do
 */
async function race(
  size: number,
  surroundings: Surroundings,
  samples: ImageSamples,
  print: (line: string) => void,
): Promise<string[]> {
  const lanes = await Promise.all(
    [berth, ...peers].map((contestant) => Lane.of(contestant, size, surroundings, samples)),
  );
  const [ours, loop] = [lanes[0], lanes.at(-1)];
  const field = new Field<Lane>((lane) => lane !== ours, print);
  const runs = runsOf(size);
  const inTurns = async (title: string, round: (lane: Lane) => Promise<void>) => {
    for (let number = 0; number < runs; number++) {
      print(`${size} services, ${title}: ${number + 1} of ${runs}`);
      for (const lane of rotated(lanes, number)) await field.run(lane, `${size} services, ${title}`, round);
    }
  };
  // The first push of all is one where all have changed.
  await inTurns('all changed', (lane) => lane.allChanged());
  await inTurns('nothing changed', (lane) => lane.nothingChanged());
  for (let number = runs; number < UNCHANGED_RUNS; number++) await ours?.nothingChanged();
  const nx = await Lane.of(nxAlone, size, surroundings, samples);
  for (let number = 0; number < UNCHANGED_RUNS; number++) await nx.nothingChanged();
  await inTurns('one changed', async (lane) => {
    await lane.oneChanged();
    if (lane === loop) await lane.oneAlone();
  });
  return field.failures;
}

/** What the contestants find: the benchmark's dockerd, with buildx. */
function environment(scratch: string, dockerHost: string, buildxPath: string): Surroundings['env'] {
  const configuration = join(scratch, 'docker-config');
  mkdirSync(configuration);
  const config = { cliPluginsExtraDirs: [dirname(buildxPath)] };
  writeFileSync(join(configuration, 'config.json'), JSON.stringify(config));
  return bareEnvironment({ DOCKER_HOST: dockerHost, DOCKER_CONFIG: configuration });
}

async function versionsOf(runner: Runner): Promise<Record<string, string>> {
  const said = async (...argv: string[]) => (await runner.run(argv)).stdout.trim();
  const docker = (side: string) => said('docker', 'version', '--format', `{{.${side}.Version}}`);
  return {
    docker: await docker('Client'),
    dockerd: await docker('Server'),
    buildx: BUILDX_VERSION,
    '@nx/docker': nxDockerPackage.version,
    registry: (await said('docker-registry', '--version')).split(' ').at(-1) ?? '',
  };
}
