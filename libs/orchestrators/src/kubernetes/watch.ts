import { referenceOf, type HealthOptions, type WorkloadHealth } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { KubernetesObject } from '@berth/manifests';
import {
  ApiError,
  eventTime,
  type KubeClient,
  type ListQuery,
  type LiveObject,
  type Watch,
} from '@berth/kube';
import { failure } from './failure';
import { isProbed, judge, stuckPods, type Observed, type Seen } from './health';
import { keptEvent, keptPod, keptReplicaSet, keptWorkload } from './kept-fields';
import { serviceLabel } from './names';
import { readNodes, type Nodes } from './nodes';
import { unschedulableOf } from './signs';

/** Events but for those of what goes as it should: most of them, and no reason why something is not healthy. */
const telling: ListQuery = {
  apiVersion: 'v1',
  kind: 'Event',
  fieldSelector: [
    ...['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started'],
    ...['SuccessfulCreate', 'ScalingReplicaSet'],
  ]
    .map((reason) => `reason!=${reason}`)
    .join(','),
};

const workloadKinds: Record<string, string> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
};

/** @param keep what is kept of each object */
type Open = (query: ListQuery, keep: (object: LiveObject) => LiveObject) => Watch;

/** How often time alone is a reason to look again, in milliseconds. */
const tickMs = 500;
/** How long a server that comes up may refuse what it has allowed before, in milliseconds. */
const comingUpMs = 10_000;

/**
 * Waits until every desired workload is healthy.
 * Level-based: each change wakes the loop, which looks at the whole state.
 * @throws UserError as soon as one is hopeless, or when the time is over.
 */
export async function watch(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  options: HealthOptions,
): Promise<void> {
  const wanted = desired.filter(({ apiVersion, kind }) => workloadKinds[kind] === apiVersion);
  if (wanted.length === 0) return;
  const stopping = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stopping.signal]) : stopping.signal;
  let wake: () => void = () => undefined;
  /** That what is watched may no longer be. */
  let refusal: { error: Error; since: number } | undefined;
  const open: Open = (query, keep) =>
    client.watch(
      { ...query, namespace: environment },
      {
        signal,
        // Somebody waits for it.
        longestPauseMs: 2_000,
        keep,
        onChange: () => wake(),
        onError: (error) => {
          const isRefusal = error instanceof ApiError && (error.status === 401 || error.status === 403);
          refusal = isRefusal ? { error, since: refusal?.since ?? performance.now() } : undefined;
          wake();
        },
      },
    );
  const kinds = [...new Set(wanted.map(({ kind }) => kind))];
  const workloads = kinds.map((kind) => open({ apiVersion: workloadKinds[kind] ?? '', kind }, keptWorkload));
  /** Not asked for where workloads say enough: there are many more of them. */
  let below: Below | undefined;
  /** They say why something is not healthy yet: not asked for where all is. There may be more of them than of all else. */
  let events: Watch | undefined;
  const listedEvents = () => events?.items() ?? [];
  let nodes: Nodes | undefined;
  const started = client.now().getTime();
  const names = new Set(wanted.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  const seen: Seen = new Map();
  let told = '';
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      // What must have run for a time has done so for certain, and no status that is asked for next knows better.
      const now = client.earliest().getTime();
      const watches = [...workloads, ...(below?.watches ?? []), ...(events ? [events] : [])];
      // What was seen last is judged no more while the server is away: it may have passed.
      const isCurrent = watches.every(({ healthy }) => healthy);
      if (isCurrent) refusal = undefined;
      if (refusal && performance.now() - refusal.since > comingUpMs) throw refusal.error;
      if (isCurrent) {
        const observed: Observed = {
          workloads: workloads
            .flatMap((each) => each.items())
            .filter(({ kind, metadata }) => names.has(`${kind}/${metadata.name}`)),
          replicaSets: below?.replicaSets.items() ?? [],
          pods: below?.pods.items(),
          // A little earlier than our start: the apply came before it.
          events: listedEvents().filter((event) => eventTime(event) >= started - 5000),
        };
        if (observed.pods?.some((pod) => unschedulableOf(pod) !== undefined))
          observed.nodes = nodes ??= await readNodes(client);
        const withoutPods = { ...observed, pods: undefined };
        const health = observed.workloads.map((workload) =>
          judge(workload, below?.covers(workload) ? observed : withoutPods, seen, now),
        );
        const isHealthy = health.length === names.size && health.every(({ state }) => state === 'healthy');
        // Of a pod without a readiness probe Kubernetes knows only that it runs: it is looked at itself.
        const unclear = observed.workloads.filter(
          (workload, index) => health[index]?.state !== 'healthy' || !isProbed(workload),
        );
        const looksBelow = unclear.some((workload) => !below?.covers(workload));
        const looksForReasons = !events && !isHealthy;
        if (looksBelow) {
          below?.close();
          below = new Below(unclear, open);
        }
        if (looksForReasons) events = open(telling, keptEvent);
        if (looksBelow || looksForReasons) continue;
        const text = JSON.stringify(health);
        if (text !== told) options.onHealth?.(health);
        told = text;
        const hopeless = health.find(({ state }) => state === 'hopeless');
        if (hopeless) throw await failure(client, environment, hopeless, listedEvents);
        if (isHealthy) return;
        await unblock(client, observed);
        if (now - started > options.timeoutMs)
          throw await late(
            client,
            environment,
            options.timeoutMs,
            health,
            missing(wanted, observed.workloads),
            listedEvents,
          );
      } else if (now - started > options.timeoutMs) {
        throw new UserError(
          `${environment} is not known to be healthy after ${Math.round(options.timeoutMs / 1000)} s: the API server does not answer.`,
          `${client.kubectl} get pods -n ${environment}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, tickMs);
        wake = () => {
          clearTimeout(timer);
          // Changes come in bursts: one look for all of them.
          setTimeout(resolve, 20);
        };
      });
    }
  } finally {
    stopping.abort();
  }
}

/** Services whose pods are asked for by name; where it is more of them, all pods are. */
const mostNamed = 20;

/** Pods and what has made them, of some workloads: where one of hundreds has changed, all others have pods too. */
class Below {
  readonly replicaSets: Watch;
  readonly pods: Watch;
  readonly #services: ReadonlySet<string | undefined> | undefined;

  constructor(workloads: readonly LiveObject[], open: Open) {
    const services = new Set(workloads.map(serviceOfPods));
    const isFew = services.size <= mostNamed && !services.has(undefined);
    const named = isFew ? { labelSelector: `${serviceLabel} in (${[...services].join(',')})` } : {};
    this.#services = isFew ? services : undefined;
    this.replicaSets = open({ apiVersion: 'apps/v1', kind: 'ReplicaSet', ...named }, keptReplicaSet);
    this.pods = open({ apiVersion: 'v1', kind: 'Pod', ...named }, keptPod);
  }

  get watches(): Watch[] {
    return [this.replicaSets, this.pods];
  }

  covers(workload: LiveObject): boolean {
    return this.#services?.has(serviceOfPods(workload)) ?? true;
  }

  close(): void {
    for (const each of this.watches) each.close();
  }
}

/** The service that a workload's pods say they belong to. */
function serviceOfPods({ spec }: LiveObject): string | undefined {
  const { template } = (spec ?? {}) as { template?: { metadata?: { labels?: Record<string, string> } } };
  return template?.metadata?.labels?.[serviceLabel];
}

async function unblock(client: KubeClient, observed: Observed): Promise<void> {
  for (const workload of observed.workloads) {
    for (const { metadata } of stuckPods(workload, observed)) {
      await client.delete(
        {
          apiVersion: 'v1',
          kind: 'Pod',
          name: metadata.name,
          ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
        },
        { uid: metadata.uid },
      );
    }
  }
}

function missing(wanted: readonly KubernetesObject[], there: readonly LiveObject[]): KubernetesObject[] {
  return wanted.filter(
    ({ kind, metadata }) => !there.some((live) => live.kind === kind && live.metadata.name === metadata.name),
  );
}

async function late(
  client: KubeClient,
  environment: string,
  timeoutMs: number,
  health: readonly WorkloadHealth[],
  absent: readonly KubernetesObject[],
  events: () => readonly LiveObject[],
): Promise<UserError> {
  const waiting = health.filter(({ state }) => state !== 'healthy');
  const gone = absent.map((object): WorkloadHealth => ({
    object: referenceOf(object),
    state: 'hopeless',
    ready: 0,
    wanted: 1,
    message: 'is not there any more',
  }));
  const first = waiting[0] ?? gone[0];
  const list = [...waiting, ...gone].map(({ object, message }) => `  ${object.name}: ${message}`).join('\n');
  const heading = `${environment} is not healthy after ${Math.round(timeoutMs / 1000)} s:\n${list}`;
  return first ? failure(client, environment, first, events, heading) : new UserError(heading);
}
