import { keyOf, nameOf, plan as purePlan, referenceOf, type Change, type Observation } from '@berth/deploy';
import type { ManifestObject } from '@berth/manifests';
import { complete, type Surroundings } from './complete';
import { swarmKinds } from './kinds';
import { managedByLabel } from './names';
import { noticesIn } from './to-docker';

/**
 * The pure plan, of services that were made whole. Docker has no dry run: what it would refuse was refused when the
 * objects were made, or is found by preflight.
 */
export async function plan(
  environment: string,
  desired: readonly ManifestObject[],
  observation: Observation,
  surroundings: Surroundings,
): Promise<Change[]> {
  const live = new Map(observation.live.map((object) => [keyOf(referenceOf(object)), object]));
  const whole = await Promise.all(
    desired.map((object) => complete(object, live.get(keyOf(referenceOf(object))), surroundings)),
  );
  const changes = purePlan(whole.map(unannotated), observation.live, observation.inventory, swarmKinds);
  const notices = new Map(desired.map((object) => [keyOf(referenceOf(object)), noticesIn(object)]));
  return changes.map((change) => {
    const warnings = notices.get(keyOf(change.object)) ?? [];
    const refusal = foreigner(environment, change);
    return {
      ...change,
      ...(warnings.length > 0 && { warnings }),
      ...(refusal !== undefined && { refusals: [refusal] }),
    };
  });
}

/** A service or network of that name that Berth did not make is never taken over. */
function foreigner(environment: string, { action, object, live }: Change): string | undefined {
  if (!live || action === 'prune' || live.metadata.labels?.[managedByLabel] === 'berth') return undefined;
  return `${nameOf(object)}: the Swarm has one called ${environment}_${object.name} that Berth did not make (it has no label ${managedByLabel}=berth). Give yours another name, or remove that one.`;
}

function unannotated(object: ManifestObject): ManifestObject {
  const { annotations: _notices, ...metadata } = object.metadata;
  return { ...object, metadata };
}
