import type { BenchContext, Outcome } from '../benchmark';
import { Samples } from '../samples';
import { rotated } from '../statistics';
import { apply, berth, helm, serverSideApply } from './contestants';
import { EDITOR, measureSetBack } from './edit';
import { Lane } from './lane';
import { OwnStart } from './own-start';
import { rowsOf, type DeploySamples } from './rows';
import { deployVersions, inSurroundings, type Surroundings } from './surroundings';

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
  const { print, services: sizes = SIZES } = context;
  const minutes = sizes.reduce((sum, size) => sum + (MINUTES[size] ?? Math.ceil(size / 12)), 1);
  print(`Takes about ${minutes} minutes, and longer when helm, kwok or a control plane have to be built.`);
  const users = [...[berth, ...peers].map(({ id }) => id), EDITOR];
  return inSurroundings(context, { users }, async (surroundings) => {
    const samples: DeploySamples = new Samples();
    for (const size of sizes) await race(size, surroundings, samples, print);
    return {
      versions: deployVersions,
      rows: rowsOf(samples, sizes, {
        berth: berth.name,
        peers: peers.map(({ name }) => name),
        nx: OwnStart.contestant,
        alone: serverSideApply.name,
      }),
    };
  });
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
