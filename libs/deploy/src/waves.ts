import type { Change } from './change';
import type { ObjectKinds } from './object-kinds';

/** By service, the services that it calls. */
export type Needs = Readonly<Record<string, readonly string[]>>;

const serviceLabel = 'app.kubernetes.io/name';

/**
 * Orders the changes into waves; those of one wave may be applied at the same time.
 * What all others stand on comes first, then what services stand on, then the services in the order of their needs.
 * Services that need each other share a wave.
 */
export function waves(
  changes: readonly Change[],
  needs: Needs,
  { first, foundation, workloads }: Pick<ObjectKinds, 'first' | 'foundation' | 'workloads'>,
): Change[][] {
  const steps = first.map((kind) => changes.filter(({ object }) => object.kind === kind));
  const rest = changes.filter(({ object }) => !first.includes(object.kind));
  steps.push(rest.filter(({ object }) => foundation.has(object.kind)));
  const ofServices = rest.filter(({ object }) => !foundation.has(object.kind));
  const names = [...new Set(ofServices.map(serviceOf))];
  for (const level of levels(names, needs)) {
    const wave = ofServices.filter((change) => level.has(serviceOf(change)));
    // Sent last, containers begin when the rest of the wave is there, and do not keep the server from it.
    const isWorkload = ({ object }: Change) => workloads.has(object.kind);
    steps.push([...wave.filter((change) => !isWorkload(change)), ...wave.filter(isWorkload)]);
  }
  return steps.filter((step) => step.length > 0);
}

function serviceOf({ desired }: Change): string {
  return desired?.metadata.labels?.[serviceLabel] ?? '';
}

function levels(names: readonly string[], needs: Needs): Set<string>[] {
  const result: Set<string>[] = [];
  let left = new Set(names);
  while (left.size > 0) {
    const ready = [...left].filter(
      (name) => !(needs[name] ?? []).some((need) => need !== name && left.has(need)),
    );
    // No one is ready: the rest need each other, in a ring.
    const level = new Set(ready.length > 0 ? ready : left);
    result.push(level);
    left = new Set([...left].filter((name) => !level.has(name)));
  }
  return result;
}
