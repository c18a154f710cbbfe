import { LiveRouteTable } from '@berth/routes';
import { Follower, type FollowOptions, type WantedRoutes } from './follow';
import { Leaving } from './leaving';
import type { Log } from './log';
import type { Leaver, RouteHolder } from './nginx-client';
import type { Pod } from './pod';
import { ServedSince } from './served-since';
import type { SnapshotFile } from './snapshot';
import type { Source } from './source';
import type { Status } from './status-server';

export interface ControllerOptions extends Pick<FollowOptions, 'onServed' | 'pollMs' | 'retryMs'> {
  source: Source;
  nginx: RouteHolder & Leaver;
  /** Whose end nginx is told of; undefined outside a cluster. */
  pod?: Pod | undefined;
  snapshot: SnapshotFile;
  log: Log;
  now: () => Date;
  /** Addresses of the API server besides those in the cluster's EndpointSlice: its Service's. */
  apiServers: readonly string[];
}

export interface Controller {
  status(): Omit<Status, 'certificates'>;
  /** Stops looking at the cluster and leaves nginx its table, which is in the snapshot then. */
  stop(): Promise<void>;
}

/** Milliseconds after which refusals are looked at again: what could not be written, and what has grown old. */
const REPEAT_MS = 60_000;

/** Starts to keep nginx's routes as the services and their endpoints say. */
export async function startController(options: ControllerOptions): Promise<Controller> {
  const { source, nginx, pod, snapshot, log, now, onServed, pollMs, retryMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const table = new LiveRouteTable();
  const reporter = source.reporter(table, log, signal);
  let listed = false;

  const loaded = await snapshot.load();
  if (loaded) log.info('loaded the snapshot', { generation: loaded.generation, routes: loaded.routes.size });
  const served = new ServedSince(loaded?.since);
  const leaving = pod && new Leaving(pod, nginx, log, signal);
  const observation = source.observe({ onChange: () => follower.wake(), log, signal });

  const wanted = (): WantedRoutes | undefined => {
    const changes = observation.changes();
    if (!changes) return undefined;
    leaving?.look([...changes.endpointSlices.values()].filter((slice) => slice !== undefined));
    const services = table.services;
    const { hosts, refused } = table.take(changes, [...options.apiServers, ...observation.apiServers()]);
    if (services > 0 && table.services === 0) log.warn('the last public Service is gone');
    listed = true;
    reporter.report({ services: changes.services.keys(), refused });
    return { routes: table.routes, changed: hosts };
  };
  const follower = new Follower({
    wanted,
    nginx,
    onTaken: ({ generation, routes }, change) => {
      served.take(change, now());
      // Both change while the text is written, which takes a while.
      snapshot.save(() => ({ generation, routes: new Map(routes), since: new Map(served.times) }));
    },
    log,
    ...(loaded && { snapshot: loaded }),
    ...(onServed && { onServed }),
    ...(pollMs !== undefined && { pollMs }),
    ...(retryMs && { retryMs }),
  });
  const following = follower.run(signal);
  const repeating = setInterval(() => reporter.repeat(), REPEAT_MS);

  return {
    status: () => ({
      generation: follower.generation,
      listed,
      routes: follower.routes,
      since: served.times,
      refused: table.refused,
    }),
    async stop() {
      clearInterval(repeating);
      stopping.abort();
      await following;
      await snapshot.flush();
    },
  };
}
