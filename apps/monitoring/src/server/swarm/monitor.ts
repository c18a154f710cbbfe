import { followReader, type Pace, type ReaderClient } from '@berth/follow';
import { DOMAIN_ANNOTATION } from '@berth/manifests';
import type { ShownEnvironment, ShownService, ShownSwarm } from '@berth/orchestrators';
import { SOURCE_KEY, type Entry, type ServiceKey, type SourceEntry } from '../../entries';
import { Ledger } from '../ledger';
import type { LiveRoutes } from '../live-routes';
import type { Monitor, MonitorOptions } from '../monitor';
import { swarmDetails } from './details';
import { nameOf, swarmEntries, swarmKind } from './entries';
import { swarmRoutes } from './routes';
import { swarmTargets } from './targets';

export interface SwarmMonitorOptions extends Omit<MonitorOptions, 'client' | 'pauseMs'> {
  api: Pick<ReaderClient<ShownSwarm>, 'state' | 'follow'>;
  pace?: Pace;
}

/** The Swarm as it was seen last. */
interface Seen {
  swarm: ShownSwarm;
  /** What routes come from, as text. */
  routed: string;
  routes: LiveRoutes;
}

/** Keeps the table as the Swarm is. Each look shows the whole, and the whole table is made of it. */
export function startSwarmMonitor({
  api,
  log,
  onChange,
  failures,
  onTable,
  tickMs = 1_000,
  pace,
}: SwarmMonitorOptions): Monitor {
  const stopping = new AbortController();
  const ledger = new Ledger();
  let seen: Seen | undefined;
  let keys: Iterable<string> = [];
  let isHeard = true;
  /** Milliseconds by which the Swarm's clock is ahead of ours. */
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);

  function take(swarm: ShownSwarm): void {
    if (!isBelievable(swarm)) throw new Error('the Swarm has no task that runs, which is not believed');
    if (!seen) log.info({ environments: swarm.environments.length }, 'listed the Swarm');
    ahead = Date.parse(swarm.at) - Date.now();
    isHeard = true;
    const routed = JSON.stringify(
      swarm.environments.map(({ services }) => services.map((each) => each.routed)),
    );
    const routes = seen?.routed === routed ? seen.routes : swarmRoutes(swarm);
    seen = { swarm, routed, routes };
    look();
  }

  function look(): void {
    if (!seen) return;
    const startedAt = performance.now();
    try {
      const entries = swarmEntries(seen.swarm, seen.routes, failures?.() ?? new Map());
      const gone = [...keys].filter((key) => !entries.has(key));
      keys = [...entries.keys()];
      const set = new Map<string, Entry>(entries).set(SOURCE_KEY, source(seen.swarm));
      if (!ledger.update({ set, gone })) return;
      onTable?.((performance.now() - startedAt) / 1000);
      onChange();
    } catch (error) {
      // It stays as it was.
      log.error({ err: error }, 'the table cannot be made');
    }
  }

  function source({ at }: ShownSwarm): SourceEntry {
    return { orchestrator: 'swarm', ...(isHeard ? {} : { oldSince: at }) };
  }

  const following = {
    onState: take,
    isMoving: (swarm: ShownSwarm) => swarm.isMoving,
    onFailure(error: unknown, failed: number) {
      if (failed === 1) log.warn({ error: (error as Error).message }, 'cannot see the Swarm');
      isHeard = false;
    },
    onEventsLost: (error: unknown) =>
      log.warn({ error: (error as Error).message }, 'cannot follow the events of the Swarm'),
    signal: stopping.signal,
  };
  followReader(api, following, pace);
  // That the Swarm is not heard any more is shown by this, and probes that begin to fail meanwhile.
  const ticking = setInterval(look, tickMs);

  return {
    ledger,
    now,
    waitsFor: () => (ledger.version === 0 ? 'the first look at the Swarm' : undefined),
    details(key) {
      const found = seen && serviceAt(seen.swarm, key);
      return found && swarmDetails(...found);
    },
    domainOf: (environment = '', service) =>
      seen &&
      serviceAt(seen.swarm, { environment, kind: swarmKind, name: service })?.[1].routed.labels[
        DOMAIN_ANNOTATION
      ],
    targets: (gateway) => seen && swarmTargets(seen.swarm, seen.routes, gateway),
    age: () => (isHeard || !seen ? 0 : (now().getTime() - Date.parse(seen.swarm.at)) / 1000),
    stop() {
      stopping.abort();
      clearInterval(ticking);
    },
  };
}

/** This server is a task of the Swarm itself. */
function isBelievable({ environments }: ShownSwarm): boolean {
  return environments.some(({ services }) =>
    services.some(({ tasks }) => tasks.some(({ state }) => state === 'running')),
  );
}

function serviceAt(
  { environments }: ShownSwarm,
  { environment, kind, name }: ServiceKey,
): [ShownEnvironment, ShownService] | undefined {
  const of = kind === swarmKind ? environments.find((each) => each.name === environment) : undefined;
  const service = of?.services.find((each) => nameOf(each) === name);
  return of && service && [of, service];
}
