import { eachAtOnce } from '../each-at-once';
import type { Changes } from './changes';
import type { Place } from './content';
import type { MonitoringPage } from './monitoring-page';
import type { MonitoringServer } from './monitoring-server';

/** What happens in a day. */
export interface DayPlan {
  /** Rolling updates. */
  deploys: number;
  /** Pods that are not ready for a moment. */
  stumbles: number;
  /** Environments that go, and as many that come. */
  replaced: number;
}

/** In megabytes. */
export interface Sample {
  /** What the server has resident. */
  resident: number;
  /** What is in use of its heap, and of the page's, after garbage collection. */
  serverHeap: number;
  pageHeap: number;
}

export interface Day extends DayPlan {
  /** In which its deploys were made; a namespace takes longer to go. */
  seconds: number;
  /** After each tenth. */
  samples: Sample[];
}

/** What is changed in a day. */
export interface DayPlaces {
  deployed: readonly Place[];
  stumbling: readonly Place[];
  /** Names of the environments that come: the first takes the place of `leaving`, each other that of the one before. */
  leaving: string;
  coming: readonly string[];
}

const TENTHS = 10;
/** Changes at a time. */
const AT_ONCE = 16;

/**
 * Lets a day go by as fast as it is followed: no change is made before an earlier one is on the page. So its hours are
 * seconds.
 */
export async function passDay(
  plan: DayPlan,
  { deployed, stumbling, leaving, coming }: DayPlaces,
  changes: Changes,
  { server, page }: { server: MonitoringServer; page: MonitoringPage },
  print: (line: string) => void,
): Promise<Day> {
  const day: Day = { ...plan, seconds: 0, samples: [] };
  for (let tenth = 0; tenth < TENTHS; tenth++) {
    const partOf = <Item>(items: readonly Item[], all: number) =>
      Array.from(
        { length: all / TENTHS },
        (_, index) => items[(index + (tenth * all) / TENTHS) % items.length]!,
      );
    const begun = performance.now();
    await Promise.all([
      eachAtOnce(partOf(deployed, plan.deploys), AT_ONCE, (place) => changes.rollOut(place)).then(
        () => (day.seconds += (performance.now() - begun) / 1000),
      ),
      eachAtOnce(partOf(stumbling, plan.stumbles), 2, (place) => changes.stumble(place)),
      eachAtOnce(partOf([...coming.keys()], plan.replaced), 1, (index) =>
        changes.replaceEnvironment(coming[index - 1] ?? leaving, coming[index] ?? leaving),
      ),
    ]);
    const sample: Sample = {
      resident: server.megabytes(),
      serverHeap: await server.heapMegabytes(),
      pageHeap: await page.heapMegabytes(),
    };
    day.samples.push(sample);
    const megabytes = Object.entries(sample).map(([name, value]) => `${name} ${value.toFixed(2)} MB`);
    print(`  ${tenth + 1} of ${TENTHS}, ${day.seconds.toFixed(0)} s: ${megabytes.join(', ')}`);
  }
  return day;
}
