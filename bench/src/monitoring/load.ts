import { setTimeout as delay } from 'node:timers/promises';
import type { Changes } from './changes';
import type { Place } from './content';
import type { MonitoringPage } from './monitoring-page';
import type { MonitoringServer } from './monitoring-server';

/** What a steady rate of changes takes. */
export interface Load {
  perSecond: number;
  /** Of the server: share of one core. */
  cpu: number;
  /** Of the page's main thread: the share of the time in which it has something to do. */
  pageBusy: number;
  /** Milliseconds in which the server makes the table once. */
  table: number;
  /** Most that the server had resident, in megabytes. */
  megabytes: number;
}

/** Changes images at a steady rate, whoever follows. @param perSecond how many */
export async function loaded(
  perSecond: number,
  places: readonly Place[],
  changes: Changes,
  { server, page }: { server: MonitoringServer; page: MonitoringPage },
): Promise<Load> {
  const look = async () => ({
    at: performance.now(),
    cpu: server.cpuSeconds(),
    busy: await page.busySeconds(),
    tables: await server.tables(),
  });
  const before = await look();
  let megabytes = 0;
  const made: Promise<void>[] = [];
  for (const [index, place] of places.entries()) {
    await delay(Math.max(0, before.at + (index * 1000) / perSecond - performance.now()));
    made.push(changes.rollOut(place));
    megabytes = Math.max(megabytes, server.megabytes());
  }
  const after = await look();
  await Promise.all(made);
  const seconds = (after.at - before.at) / 1000;
  return {
    perSecond,
    cpu: (after.cpu - before.cpu) / seconds,
    pageBusy: (after.busy - before.busy) / seconds,
    table:
      (1000 * (after.tables.seconds - before.tables.seconds)) / (after.tables.count - before.tables.count),
    megabytes,
  };
}
