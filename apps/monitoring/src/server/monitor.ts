import type { KubeClient } from '@berth/kube';
import { DOMAIN_ANNOTATION } from '@berth/manifests';
import { SOURCE_KEY, type Details, type ServiceKey, type SourceEntry } from '../entries';
import { containerRuns, type ContainerRuns } from './container-runs';
import { detailsOf } from './details';
import { Ledger } from './ledger';
import { observe, type Log } from './observe';
import { Targets, type ServiceName, type Target } from './probes/targets';
import { takePulse } from './pulse';
import { Table, type Failures } from './table';

export interface MonitorOptions {
  client: Pick<KubeClient, 'watch' | 'ready' | 'now'>;
  log: Log;
  /** The table is other than before. */
  onChange: () => void;
  /** Probes that fail. */
  failures?: () => Failures;
  /** The table has taken in what has changed, in so many seconds. */
  onTable?: (seconds: number) => void;
  /** Milliseconds between two looks at what has changed at least. */
  pauseMs?: number;
  /** Milliseconds after which time alone is a reason to look again, and to ask whether the API server is there. */
  tickMs?: number;
}

export interface Monitor {
  readonly ledger: Ledger;
  /** By the clock of what is shown. */
  now(): Date;
  /** What it waits for before there is a table; undefined when there is one. */
  waitsFor(): string | undefined;
  /** Undefined when there is no such service. */
  details(service: ServiceKey): Details | undefined;
  /** The domain of a public service. */
  domainOf(namespace: string | undefined, service: string): string | undefined;
  /** What there is to probe; undefined while the cluster is not known. @param gateway the gateway's Service */
  targets(gateway: ServiceName): Target[] | undefined;
  /** Seconds since the table is not that of now any more; 0 while it is. */
  age(): number;
  stop(): void;
}

export interface ClusterMonitor extends Monitor {
  /** Of which lines may be read; undefined when there is no such service. */
  runs(service: ServiceKey): ContainerRuns | undefined;
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
}: MonitorOptions): ClusterMonitor {
  const stopping = new AbortController();
  const ledger = new Ledger();
  const table = new Table();
  const targets = new Targets();
  let planned: NodeJS.Timeout | undefined;
  /** When what has changed was last looked at, by performance.now(). */
  let lookedAt = -Infinity;
  /** When everything was last known to be current. */
  let heardAt = client.now();
  const observation = observe(client, { onChange: plan, log, signal: stopping.signal });
  const pulse = takePulse(client, { everyMs: tickMs, log, signal: stopping.signal });
  const ticking = setInterval(() => {
    table.passTime();
    plan();
  }, tickMs);
  const isCurrent = (): boolean => observation.isCurrent() && pulse.isHeard();

  /** Changes come in bursts: the first goes at once, and those that follow go together. */
  function plan(): void {
    planned ??= setTimeout(
      () => {
        planned = undefined;
        look();
      },
      Math.max(0, lookedAt + pauseMs - performance.now()),
    );
  }

  function look(): void {
    lookedAt = performance.now();
    try {
      observation.changes((changes) => {
        const surroundings = { failures: failures?.() ?? new Map(), now: client.now() };
        const { set, gone } = table.take(changes, surroundings, (environment, error) =>
          // It stays as it was, and is tried again.
          log.error({ err: error, environment }, 'an environment of the table cannot be made'),
        );
        const hasMade = set.size > 0 || gone.length > 0;
        const isChanged = ledger.update({ set: set.set(SOURCE_KEY, source()), gone });
        if (hasMade) onTable?.((performance.now() - lookedAt) / 1000);
        if (isChanged) onChange();
      });
    } catch (error) {
      // The table stays as it was; what could not be taken in is looked at again.
      log.error({ err: error }, 'the table cannot be made');
    }
  }

  function source(): SourceEntry {
    if (!isCurrent()) return { oldSince: heardAt.toISOString() };
    heardAt = pulse.heardAt();
    return {};
  }

  return {
    ledger,
    now: () => client.now(),
    waitsFor: () => (ledger.version === 0 ? 'the first list of the cluster' : undefined),
    details(service) {
      const objects = table.objects.environment(service.environment);
      return objects && detailsOf(objects, service, client.now());
    },
    runs(service) {
      const objects = table.objects.environment(service.environment);
      return objects && containerRuns(objects, service);
    },
    domainOf: (namespace, service) =>
      observation.get('services', service, namespace)?.metadata.annotations?.[DOMAIN_ANNOTATION],
    targets: (gateway) => (ledger.version === 0 ? undefined : targets.read(table, gateway)),
    age: () => (isCurrent() ? 0 : (client.now().getTime() - heardAt.getTime()) / 1000),
    stop() {
      stopping.abort();
      clearInterval(ticking);
      clearTimeout(planned);
    },
  };
}
