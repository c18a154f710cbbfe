import { picked, type LiveObject, type Mutable } from '@berth/kube';

/*
 * Of each object the wait for health keeps what it is judged by: hundreds of pods are much to hold, and most of each is
 * how it was asked for, and who has set which field. The resourceVersion stays, by which a new list knows what is other
 * than before.
 */

type Fields = Readonly<Record<string, unknown>>;

/** @see Observed.workloads */
export function keptWorkload(object: LiveObject): LiveObject {
  const kept = keptObject(object, [...METADATA, 'generation', 'annotations'], ['status']);
  const spec = (object.spec ?? {}) as Fields & { template?: { metadata?: object; spec?: Fields } };
  const keptSpec = picked<Fields>(spec, ['replicas', 'completions', 'progressDeadlineSeconds']);
  keptSpec.template = {
    metadata: picked(spec.template?.metadata ?? {}, ['labels']),
    spec: keptPodSpec(spec.template?.spec),
  };
  kept.spec = keptSpec;
  return kept;
}

/** @see Observed.replicaSets */
export function keptReplicaSet(object: LiveObject): LiveObject {
  return keptObject(object, [...METADATA, 'annotations', 'ownerReferences'], ['status']);
}

/** @see Observed.pods */
export function keptPod(object: LiveObject): LiveObject {
  const kept = keptObject(object, [...METADATA, 'labels', 'ownerReferences', 'deletionTimestamp'], []);
  kept.spec = keptPodSpec(object.spec as Fields | undefined);
  const status = (object.status ?? {}) as Fields;
  const keptStatus = picked(status, ['conditions', ...CONTAINER_STATUSES]);
  for (const field of CONTAINER_STATUSES) {
    const containers = status[field] as readonly Fields[] | undefined;
    if (containers) keptStatus[field] = containers.map((each) => picked(each, CONTAINER_STATUS));
  }
  kept.status = keptStatus;
  return kept;
}

/** @see Observed.events */
export function keptEvent(object: LiveObject): LiveObject {
  return keptObject(object, METADATA, EVENT);
}

const METADATA = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'];
const CONTAINER = ['name', 'readinessProbe', 'resources'];
const CONTAINER_STATUSES = ['initContainerStatuses', 'containerStatuses'];
const CONTAINER_STATUS = ['name', 'containerID', 'restartCount', 'ready', 'started', 'state', 'lastState'];
const EVENT = [
  ...['type', 'reason', 'message', 'involvedObject', 'source', 'reportingComponent'],
  ...['lastTimestamp', 'eventTime', 'series'],
];

function keptObject(
  object: LiveObject,
  metadata: readonly string[],
  fields: readonly string[],
): Mutable<LiveObject> {
  const kept = picked(object, ['apiVersion', 'kind', ...fields]);
  kept.metadata = picked(object.metadata, metadata);
  return kept;
}

function keptPodSpec(spec: Fields = {}): Fields {
  const containers = (spec.containers ?? []) as readonly Fields[];
  const kept = picked(spec, ['nodeSelector']);
  kept.containers = containers.map((each) => picked(each, CONTAINER));
  return kept;
}
