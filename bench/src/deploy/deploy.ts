import { join } from 'node:path';
import { KUBERNETES_VERSION } from '@berth/clusters';
import { SmallWorkspace } from '@berth/nx/src/testing-workspace';
import { TestImages } from '@berth/registry/src/testing-images';
import { TestRegistry } from '@berth/registry/src/testing-registry';
import type { BenchContext, Outcome } from '../benchmark';
import { ControlPlane } from '../control-plane/control-plane';
import { benchPrograms, builtForBench, KWOK_VERSION } from '../control-plane/programs';
import { installNothing } from '../nothing';
import { bareEnvironment } from '../nx';
import { Samples } from '../samples';
import { rotated } from '../statistics';
import { apply, berth, helm, serverSideApply } from './contestants';
import { EDITOR, measureSetBack } from './edit';
import { Lane, type Surroundings } from './lane';
import { OwnStart } from './own-start';
import { rowsOf, type DeploySamples } from './rows';

/** Pinned in go.mod and go.sum. */
const HELM_VERSION = 'v3.22.0';

const SIZES = [10, 50, 200];

const peers = [serverSideApply, apply, helm];

/** Enough for a median where a run is short, and an end within half an hour where it is not. */
const runsOf = (size: number) => (size <= 50 ? 3 : 1);

/** Minutes on two cores, by size; what has to be built the first time comes on top. */
const MINUTES: Readonly<Record<number, number>> = { 10: 1, 50: 4, 200: 12 };

/**
 * Services brought to a cluster by Berth and by its peers: for the first time, with nothing changed, and with one image
 * changed. All have the same API server, of the benchmark's own.
 */
export async function deploy(context: BenchContext): Promise<Outcome> {
  const { scratch, signal, print, services: sizes = SIZES } = context;
  const minutes = sizes.reduce((sum, size) => sum + (MINUTES[size] ?? Math.ceil(size / 12)), 1);
  print(`Takes about ${minutes} minutes, and longer when helm, kwok or a control plane have to be built.`);
  const helmProgram = await builtForBench(
    {
      name: 'helm',
      version: HELM_VERSION,
      source: 'helm.sh/helm/v3/cmd/helm',
      ldflags: [`-X helm.sh/helm/v3/internal/version.version=${HELM_VERSION}`],
    },
    context,
  );
  const programs = await benchPrograms(context);
  const packages = await SmallWorkspace.of({});
  const cleaning: (() => Promise<void>)[] = [];
  try {
    const registry = await TestRegistry.start({ folder: scratch, name: 'registry' });
    cleaning.unshift(() => registry.stop());
    const users = [...[berth, ...peers].map(({ id }) => id), EDITOR];
    const plane = await ControlPlane.start({ folder: join(scratch, 'plane'), programs, users });
    cleaning.unshift(() => plane.stop());
    const modules = join(packages.root, 'node_modules');
    installNothing(modules);
    const surroundings: Surroundings = {
      scratch,
      plane,
      programs: { kubectl: programs.kubectl, helm: helmProgram },
      modules,
      images: await twoImages(registry.host),
      env: bareEnvironment({ HOME: scratch }),
      signal,
    };
    const samples: DeploySamples = new Samples();
    for (const size of sizes) await race(size, surroundings, samples, print);
    return {
      versions: {
        kubernetes: KUBERNETES_VERSION,
        kubectl: KUBERNETES_VERSION,
        helm: HELM_VERSION,
        kwok: KWOK_VERSION,
      },
      rows: rowsOf(samples, sizes, {
        berth: berth.name,
        peers: peers.map(({ name }) => name),
        nx: OwnStart.contestant,
        alone: serverSideApply.name,
      }),
    };
  } finally {
    for (const clean of cleaning) await clean();
    packages.remove();
  }
}

/** Two images that are there, and that nobody starts. */
async function twoImages(host: string): Promise<[string, string]> {
  const images = new TestImages(`http://${host}`);
  const put = async (tag: string, architecture: string) =>
    `${host}/app@${await images.put('app', tag, architecture)}`;
  return [await put('1', 'amd64'), await put('2', 'arm64')];
}

/** All contestants in every case, in turns: what slows the machine down for a while slows all of them. */
async function race(
  size: number,
  surroundings: Surroundings,
  samples: DeploySamples,
  print: (line: string) => void,
): Promise<void> {
  const lanes = [berth, ...peers].map((contestant) => new Lane(contestant, size, surroundings, samples));
  const [ours, ofServerSide] = lanes as [Lane, Lane];
  const nx = new OwnStart(size, surroundings, samples);
  const runs = runsOf(size);
  const inTurns = async (title: string, round: (lane: Lane) => Promise<void>) => {
    for (let number = 0; number < runs; number++) {
      print(`${size} services, ${title}: ${number + 1} of ${runs}`);
      for (const lane of rotated(lanes, number)) await round(lane);
    }
  };
  await inTurns('first deploy', (lane) => lane.firstDeploy());
  await inTurns('nothing changed', async (lane) => {
    await lane.nothingChanged();
    if (lane === ours) await nx.measure();
  });
  await inTurns('one changed', async (lane) => {
    await lane.oneChanged();
    if (lane === ofServerSide) await lane.measureAlone(serverSideApply.only(lane.place, lane.changeOne()));
  });
  print(`${size} services, one edited`);
  await measureSetBack(ours, surroundings);
}
