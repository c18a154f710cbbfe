import { referenceOf, type WorkloadHealth } from '@berth/deploy';
import type { LiveObject } from '@berth/kube';
import type { Nodes } from './nodes';
import { probeFailure } from './probes';
import { creationSigns, deadlineSigns, podSigns, type Sign } from './signs';

/** What there is to judge a namespace's workloads by. */
export interface Observed {
  /** Deployments, StatefulSets, DaemonSets and Jobs. */
  workloads: readonly LiveObject[];
  replicaSets: readonly LiveObject[];
  /** Undefined where nobody has asked for them: then workloads are judged by what they say themselves. */
  pods: readonly LiveObject[] | undefined;
  /** Those of this deploy. */
  events: readonly LiveObject[];
  /** Needed only when no node takes a pod. */
  nodes?: Nodes;
}

/** When each sign was first seen, in milliseconds since 1970; the caller keeps it between judgements. */
export type Seen = Map<string, number>;

interface Progress {
  ready: number;
  wanted: number;
  /** Undefined when it has arrived. */
  waitsFor: string | undefined;
}

interface WorkloadFields {
  spec?: { replicas?: number; completions?: number; template?: unknown };
  status?: Record<string, unknown> & {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberAvailable?: number;
    succeeded?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

/**
 * Judges one workload. Pure but for `seen`, in which it notes when a sign was first there: a sign that may pass is
 * hopeless only after its time.
 */
export function judge(workload: LiveObject, observed: Observed, seen: Seen, now: number): WorkloadHealth {
  const object = referenceOf(workload);
  const { ready: counted, wanted, waitsFor: arrival } = progressOf(workload);
  // While pods are replaced there are more than are wanted.
  const ready = Math.min(counted, wanted);
  const pods = currentPods(workload, observed);
  const isProven = workload.kind === 'Job' || observed.pods === undefined;
  const waitsFor = arrival ?? (isProven ? undefined : unproven(pods, wanted, now));
  if (waitsFor === undefined) return { object, state: 'healthy', ready, wanted, message: '' };
  // Old pods count as available too: without its name nobody would look at the new one that is not.
  const unready = arrival ? pods.find((each) => !isReady(each)) : undefined;
  const waiting = unready ? `${waitsFor}; ${notReady(unready, observed.events)}` : waitsFor;
  const signs = [
    ...creationSigns(workload, currentReplicaSet(workload, observed), observed.events),
    ...pods.flatMap((pod) => podSigns(pod, observed)),
    ...deadlineSigns(workload, pods, waiting),
  ];
  const due = signs.find((sign) => now - (seen.get(sign.key) ?? now) >= sign.graceMs);
  for (const { key } of signs) if (!seen.has(key)) seen.set(key, now);
  const shown: Sign | undefined = due ?? signs[0];
  const pod = shown ? shown.pod : unready?.metadata.name;
  return {
    object,
    state: due ? 'hopeless' : 'progressing',
    ready,
    wanted,
    message: shown?.message ?? waiting,
    ...(pod ? { pod } : {}),
    ...(shown?.container ? { container: shown.container } : {}),
  };
}

/**
 * What keeps pods that Kubernetes counts as available from being taken for healthy. Each kind has a watch of its own, so
 * that they may be counted before anything is known of them here.
 */
function unproven(pods: readonly LiveObject[], wanted: number, now: number): string | undefined {
  const young = pods.find((each) => !isSettled(each, now));
  if (young) return `pod ${young.metadata.name} has only just started`;
  return pods.length < wanted ? `${pods.length} of ${wanted} pods are known` : undefined;
}

function notReady(pod: LiveObject, events: readonly LiveObject[]): string {
  const failure = probeFailure(pod, events);
  return `pod ${pod.metadata.name} is not ready${failure ? `: ${failure}` : ''}`;
}

function stillThere(old: number): string {
  return old === 1 ? '1 old pod is still there' : `${old} old pods are still there`;
}

function progressOf(workload: LiveObject): Progress {
  const { spec = {}, status = {} } = workload as LiveObject & WorkloadFields;
  const seenByController = (status.observedGeneration ?? 0) >= (workload.metadata.generation ?? 0);
  const done = (ready: number, wanted: number, conditions: [boolean, string][]): Progress => ({
    ready,
    wanted,
    waitsFor: seenByController
      ? conditions.find(([met]) => !met)?.[1]
      : 'its controller has not seen the change yet',
  });
  switch (workload.kind) {
    case 'Deployment': {
      const wanted = spec.replicas ?? 1;
      const { updatedReplicas = 0, availableReplicas = 0, replicas = 0, readyReplicas = 0 } = status;
      return done(readyReplicas, wanted, [
        [updatedReplicas >= wanted, `${updatedReplicas} of ${wanted} pods have the new version`],
        [availableReplicas >= wanted, `${availableReplicas} of ${wanted} pods are ready`],
        [replicas <= updatedReplicas, stillThere(replicas - updatedReplicas)],
      ]);
    }
    case 'StatefulSet': {
      const wanted = spec.replicas ?? 1;
      const {
        updatedReplicas = 0,
        readyReplicas = 0,
        availableReplicas = readyReplicas,
        currentRevision,
        updateRevision,
      } = status;
      const updated = currentRevision === updateRevision ? wanted : updatedReplicas;
      return done(readyReplicas, wanted, [
        [updated >= wanted, `${updated} of ${wanted} pods have the new version`],
        [
          availableReplicas >= wanted && readyReplicas >= wanted,
          `${readyReplicas} of ${wanted} pods are ready`,
        ],
      ]);
    }
    case 'DaemonSet': {
      const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
      return done(numberAvailable, wanted, [
        [
          updatedNumberScheduled >= wanted,
          `${updatedNumberScheduled} of ${wanted} pods have the new version`,
        ],
        [numberAvailable >= wanted, `${numberAvailable} of ${wanted} pods are ready`],
      ]);
    }
    default: {
      const wanted = spec.completions ?? 1;
      const complete = status.conditions?.some(
        ({ type, status: value }) => type === 'Complete' && value === 'True',
      );
      return {
        ready: status.succeeded ?? 0,
        wanted,
        waitsFor: complete ? undefined : 'it has not ended yet',
      };
    }
  }
}

/** The ReplicaSet of a Deployment's present template: the one of its revision. */
function currentReplicaSet(workload: LiveObject, { replicaSets }: Observed): LiveObject | undefined {
  const revision = workload.metadata.annotations?.[revisionAnnotation];
  return replicaSets.find(
    (replicaSet) =>
      isOwned(replicaSet, workload) && replicaSet.metadata.annotations?.[revisionAnnotation] === revision,
  );
}

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** The pods of a workload's present version. Until its controller has seen it, there are none. */
export function currentPods(workload: LiveObject, observed: Observed): LiveObject[] {
  const { status = {} } = workload as LiveObject & WorkloadFields;
  if ((status.observedGeneration ?? 0) < (workload.metadata.generation ?? 0) && workload.kind !== 'Job')
    return [];
  const owner = workload.kind === 'Deployment' ? currentReplicaSet(workload, observed) : workload;
  if (!owner) return [];
  const own = (observed.pods ?? []).filter((pod) => isOwned(pod, owner) && !pod.metadata.deletionTimestamp);
  if (workload.kind !== 'StatefulSet' || !status.updateRevision) return own;
  return own.filter((pod) => pod.metadata.labels?.['controller-revision-hash'] === status.updateRevision);
}

/**
 * Pods of an older version that can never become ready and so keep a StatefulSet from its new version for ever
 * (kubernetes/kubernetes#67250): they must be deleted.
 */
export function stuckPods(workload: LiveObject, observed: Observed): LiveObject[] {
  const { status = {} } = workload as LiveObject & WorkloadFields;
  if (
    workload.kind !== 'StatefulSet' ||
    !status.updateRevision ||
    status.updateRevision === status.currentRevision
  )
    return [];
  if ((status.observedGeneration ?? 0) < (workload.metadata.generation ?? 0)) return [];
  return (observed.pods ?? []).filter(
    (pod) =>
      isOwned(pod, workload) &&
      !pod.metadata.deletionTimestamp &&
      pod.metadata.labels?.['controller-revision-hash'] !== status.updateRevision &&
      podSigns(pod, observed).length > 0,
  );
}

/** Milliseconds that a container without a readiness probe must have run, and longer when it has crashed before. */
const proofMs = { first: 3_000, restarted: 10_000 };
/** Kubernetes tells starts in whole seconds, rounded down. */
const roundingMs = 1_000;

interface SettlingFields {
  spec?: { containers?: { name: string; readinessProbe?: object }[] };
  status?: {
    containerStatuses?: {
      name: string;
      restartCount: number;
      state?: { running?: { startedAt?: string }; terminated?: object; waiting?: object };
    }[];
  };
}

/** Whether Kubernetes takes no pod of it for ready but one that has said so itself. */
export function isProbed(workload: LiveObject): boolean {
  const { template } = (workload.spec ?? {}) as { template?: SettlingFields };
  const { containers = [] } = template?.spec ?? {};
  return workload.kind === 'Job' || containers.every(({ readinessProbe }) => readinessProbe);
}

/** Without a readiness probe Kubernetes takes a container for ready as soon as it runs, also one that ends at once. */
function isSettled(pod: LiveObject, now: number): boolean {
  const { spec, status } = pod as LiveObject & SettlingFields;
  const probed = (spec?.containers ?? []).filter(({ readinessProbe }) => readinessProbe);
  if (status?.containerStatuses === undefined) return false;
  return status.containerStatuses
    .filter(({ name }) => !probed.some((container) => container.name === name))
    .every(({ restartCount, state }) => {
      if (!state?.running) return false;
      const age = now - Date.parse(state.running.startedAt ?? '') - roundingMs;
      return !(age < (restartCount > 0 ? proofMs.restarted : proofMs.first));
    });
}

function isReady({ status }: LiveObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

function isOwned(object: LiveObject, owner: LiveObject): boolean {
  return object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;
}
