import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext, Outcome } from '../benchmark';
import { row, type Row } from '../report';
import { Samples } from '../samples';
import { berth, helm, serverSideApply } from './contestants';
import { costCases, CostLane, type Costs, type CostSamples } from './cost-lane';
import { OwnStart } from './own-start';
import { deployVersions, inSurroundings } from './surroundings';

const SIZES = [50];
const RUNS = 3;

const peers = [helm, serverSideApply];

const noCosts: Costs = { clientSeconds: 0, serverSeconds: 0, requests: 0, megabytes: 0 };

/**
 * What a deploy costs: CPU of the client and of the API server, requests, and memory. First deploys go to a server
 * without controllers, so that all it does is done for the client; Berth then waits in vain for a second, which it is
 * told to.
 */
export async function deployCosts(context: BenchContext): Promise<Outcome> {
  const { print, services: sizes = SIZES } = context;
  const contestants = [berth, ...peers];
  const rows: Row[] = [];
  for (const size of sizes) {
    const samples: CostSamples = new Samples();
    const plane = { users: contestants.map(({ id }) => id), controllers: false };
    await inSurroundings({ ...context, scratch: scratchOf(context, size) }, plane, async (surroundings) => {
      const lanes = contestants.map((each) => new CostLane(each, size, surroundings, samples, print));
      const nx = new OwnStart(size, surroundings, { add: () => undefined });
      for (let run = 0; run < RUNS; run++) {
        const { cpuSeconds } = await nx.run();
        print(`${size} services, ${OwnStart.contestant} alone: ${cpuSeconds.toFixed(2)} s of its own`);
        samples.add(size, 'own start', OwnStart.contestant, { ...noCosts, clientSeconds: cpuSeconds });
      }
      for (let run = 0; run < RUNS; run++) for (const lane of lanes) await lane.firstDeploy();
      print(`${size} services: waiting until they are healthy`);
      await surroundings.plane.startControllers();
      for (const lane of lanes) await lane.settle();
      for (let run = 0; run < RUNS; run++) for (const lane of lanes) await lane.nothingChanged();
      for (let run = 0; run < RUNS; run++) for (const lane of lanes) await lane.oneChanged();
    });
    rows.push(...rowsOf(samples, size));
  }
  return { versions: deployVersions, rows };
}

function scratchOf({ scratch }: BenchContext, size: number): string {
  const folder = join(scratch, String(size));
  mkdirSync(folder);
  return folder;
}

const figures = {
  clientSeconds: ['CPU of the client', 's'],
  serverSeconds: ['CPU of the API server', 's'],
  requests: ['requests', ''],
  megabytes: ['peak memory', 'MB'],
} as const;

function rowsOf(samples: CostSamples, size: number): Row[] {
  const start = samples.of(size, 'own start', OwnStart.contestant);
  const own = { case: `${size} services`, figure: "CPU of Nx's own start", unit: 's' };
  const ofCases = costCases.flatMap((of) =>
    (Object.keys(figures) as (keyof Costs)[]).flatMap((name) =>
      peers.flatMap((peer) => {
        const [ours, theirs] = [samples.of(size, of, berth.name), samples.of(size, of, peer.name)];
        if (!ours || !theirs) return [];
        const [figure, unit] = figures[name];
        return [
          row(
            { case: `${size} services, ${of}`, figure, unit, value: ours[name], runs: ours.runs },
            { peer: { name: peer.name, value: theirs[name] } },
          ),
        ];
      }),
    ),
  );
  return [...(start ? [row({ ...own, value: start.clientSeconds, runs: start.runs })] : []), ...ofCases];
}
