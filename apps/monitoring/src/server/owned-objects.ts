import type { LiveObject } from '@berth/kube';
import type { Observed } from '@berth/orchestrators';
import type { EnvironmentObjects } from './cluster-objects';

/** What there is to judge one workload by: what it has made, and what was said of that. */
export interface OwnedObjects extends Observed {
  pods: readonly LiveObject[];
}

/** Finds what each workload of an environment owns, by one walk through all of it. */
export function ownedObjects(
  objects: Pick<EnvironmentObjects, 'replicaSets' | 'pods' | 'events'>,
): (workload: LiveObject) => OwnedObjects {
  const replicaSetsOf = grouped(objects.replicaSets, ownersOf);
  const podsOf = grouped(objects.pods, ownersOf);
  const eventsOf = grouped(objects.events, involvedIn);
  return (workload) => {
    const replicaSets = replicaSetsOf(workload);
    const pods = [workload, ...replicaSets].flatMap(podsOf);
    const events = [workload, ...replicaSets, ...pods].flatMap(eventsOf);
    return { workloads: [workload], replicaSets, pods, events };
  };
}

function ownersOf({ metadata }: LiveObject): string[] {
  return (metadata.ownerReferences ?? []).map(({ uid }) => uid);
}

function involvedIn(event: LiveObject): string[] {
  const { involvedObject } = event as { involvedObject?: { uid?: string } };
  return involvedObject?.uid === undefined ? [] : [involvedObject.uid];
}

/** By the uid of another object, in their order. */
function grouped(
  objects: readonly LiveObject[],
  uidsOf: (object: LiveObject) => string[],
): (other: LiveObject) => readonly LiveObject[] {
  const groups = new Map<string, LiveObject[]>();
  for (const object of objects) {
    for (const uid of uidsOf(object)) {
      const group = groups.get(uid);
      if (group) group.push(object);
      else groups.set(uid, [object]);
    }
  }
  return ({ metadata }) => groups.get(metadata.uid) ?? [];
}
