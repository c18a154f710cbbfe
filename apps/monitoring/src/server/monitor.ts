import type { KubeClient } from '@berth/kube';
import { DOMAIN_ANNOTATION } from '@berth/manifests';
import {
  SOURCE_KEY,
  type Details,
  type Entry,
  type ProbeFailure,
  type ServiceKey,
  type SourceEntry,
} from '../entries';
import { containerRuns, type ContainerRuns } from './container-runs';
import { detailsOf } from './details';
import type { EnvironmentObjects } from './environment-entries';
import { Ledger } from './ledger';
import { observe, type Log } from './observe';
import { Targets, type ServiceName, type Target } from './probes/targets';
import { takePulse } from './pulse';
import { byEnvironment, Table } from './table';

export interface MonitorOptions {
  client: Pick<KubeClient, 'watch' | 'ready' | 'now'>;
  log: Log;
  /** The table is other than before. */
  onChange: () => void;
  /** Probes that fail, by `<environment>/<service>`. */
  failures?: () => ReadonlyMap<string, readonly ProbeFailure[]>;
  /** The table was made, in so many seconds. */
  onTable?: (seconds: number) => void;
  /** Milliseconds between two looks at the table at least. */
  pauseMs?: number;
  /** Milliseconds after which time alone is a reason to look again, and to ask whether the API server is there. */
  tickMs?: number;
}

export interface Monitor {
  readonly ledger: Ledger;
  /** What it waits for before there is a table; undefined when there is one. */
  waitsFor(): string | undefined;
  /** Undefined when there is no such service. */
  details(service: ServiceKey): Details | undefined;
  /** Of which lines may be read; undefined when there is no such service. */
  runs(service: ServiceKey): ContainerRuns | undefined;
  /** The domain of a public Service. */
  domainOf(namespace: string | undefined, service: string): string | undefined;
  /** What there is to probe; undefined while the cluster is not known. @param gateway the gateway's Service */
  targets(gateway: ServiceName): Target[] | undefined;
  /** Seconds since the table is not that of now any more; 0 while it is. */
  age(): number;
  stop(): void;
}

/** Keeps the table as the cluster is. */
export function startMonitor({
  client,
  log,
  onChange,
  failures,
  onTable,
  pauseMs = 100,
  tickMs = 1_000,
}: MonitorOptions): Monitor {
  const stopping = new AbortController();
  const ledger = new Ledger();
  const table = new Table();
  const targets = new Targets();
  let planned: NodeJS.Timeout | undefined;
  /** When everything was last known to be current. */
  let heardAt = client.now();
  const observation = observe(client, { onChange: plan, log, signal: stopping.signal });
  const pulse = takePulse(client, { everyMs: tickMs, log, signal: stopping.signal });
  const ticking = setInterval(plan, tickMs);
  const isCurrent = (): boolean => observation.isCurrent() && pulse.isHeard();

  /** Changes come in bursts: the first goes soon, and those that follow go with it. */
  function plan(): void {
    planned ??= setTimeout(() => {
      planned = undefined;
      look();
    }, pauseMs);
  }

  function look(): void {
    const observed = observation.observed();
    if (!observed) return;
    try {
      const begun = performance.now();
      const entries = table.read(observed, client.now()).set(SOURCE_KEY, source());
      if (failures) addFailures(entries, failures());
      const isChanged = ledger.update(entries);
      onTable?.((performance.now() - begun) / 1000);
      if (isChanged) onChange();
    } catch (error) {
      // The table stays as it was; what could not be read is looked at again.
      log.error({ err: error }, 'the table cannot be made');
    }
  }

  function source(): SourceEntry {
    if (!isCurrent()) return { oldSince: heardAt.toISOString() };
    heardAt = pulse.heardAt();
    return {};
  }

  function objectsOf({ environment }: ServiceKey): EnvironmentObjects | undefined {
    const observed = observation.observed();
    const namespace = observation.get('namespaces', environment);
    return observed && namespace && byEnvironment(observed)(namespace);
  }

  return {
    ledger,
    waitsFor: () => (ledger.version === 0 ? 'the first list of the cluster' : undefined),
    details(service) {
      const objects = objectsOf(service);
      return objects && detailsOf(objects, service, client.now());
    },
    runs(service) {
      const objects = objectsOf(service);
      return objects && containerRuns(objects, service);
    },
    domainOf: (namespace, service) =>
      observation.get('services', service, namespace)?.metadata.annotations?.[DOMAIN_ANNOTATION],
    targets(gateway) {
      const observed = observation.observed();
      return observed && targets.read(observed, table.routes, gateway);
    },
    age: () => (isCurrent() ? 0 : (client.now().getTime() - heardAt.getTime()) / 1000),
    stop() {
      stopping.abort();
      clearInterval(ticking);
      clearTimeout(planned);
    },
  };
}

/** The table's own entries stay as they are: it keeps them from one time to the next. */
function addFailures(
  entries: Map<string, Entry>,
  failures: ReadonlyMap<string, readonly ProbeFailure[]>,
): void {
  if (failures.size === 0) return;
  for (const [key, entry] of entries) {
    const failing = 'service' in entry && failures.get(`${entry.environment}/${entry.service}`);
    if (failing) entries.set(key, { ...entry, failing: [...failing] });
  }
}
