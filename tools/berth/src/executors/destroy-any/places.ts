import type { Destroying, Expiring } from '@berth/deploy';
import {
  nearestName,
  ORCHESTRATOR_TITLES,
  orchestratorsOf,
  UserError,
  type Cluster,
  type OrchestratorName,
} from '@berth/model';

/** One of what runs the environments of a cluster: the same cluster.json may name several. */
export interface Place {
  orchestrator: OrchestratorName;
  target: Destroying & Expiring;
}

/**
 * Where environments of the cluster may be.
 * @param chosen one of them; all when absent
 * @throws UserError for one that the cluster has not
 */
export function orchestratorsAsked(cluster: Cluster, chosen: string | undefined): OrchestratorName[] {
  const there = orchestratorsOf(cluster);
  if (chosen === undefined) return there;
  const found = there.find((name) => name === chosen);
  if (found) return [found];
  const nearest = nearestName(chosen, there);
  throw new UserError(
    `${cluster.root}/cluster.json has no ${chosen}; its environments are on ${there.join(', ')}.`,
    nearest ? `Did you mean --orchestrator=${nearest}?` : `Add --orchestrator=${there[0]}, for example.`,
  );
}

/** What cannot be reached refuses when it is asked, so that it does not keep the others. */
export function refusing(failure: UserError): Place['target'] {
  const refuse = () => Promise.reject(failure);
  return { planDestroy: refuse, destroy: refuse, expired: refuse };
}

/**
 * Where an environment is.
 * @param command what was typed
 * @throws UserError when it is in several places, or one of them cannot say whether it is there
 */
export async function placeOf(
  places: readonly Place[],
  environment: string,
  command: string,
): Promise<Place> {
  const [only, ...others] = places;
  if (only === undefined) throw new Error('a cluster has an orchestrator');
  if (others.length === 0) return only;
  const asked = places.map(async (place) => ((await isThere(place, environment, command)) ? [place] : []));
  // Nobody is asked any more when it is said.
  await Promise.allSettled(asked);
  const found = (await Promise.all(asked)).flat();
  const [first, ...more] = found;
  if (more.length === 0) return first ?? only;
  const names = found.map(({ orchestrator }) => orchestrator);
  throw new UserError(
    `${environment} is on ${names.map((name) => ORCHESTRATOR_TITLES[name]).join(' and on ')}. Nothing was destroyed.`,
    names.map((name) => `${command} --orchestrator=${name}`).join('\n'),
  );
}

async function isThere(
  { orchestrator, target }: Place,
  environment: string,
  command: string,
): Promise<boolean> {
  try {
    return (await target.planDestroy(environment)).length > 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `Whether ${environment} is on ${ORCHESTRATOR_TITLES[orchestrator]} cannot be said: ${error.message}`,
      `${error.hint ? `${error.hint}\n` : ''}To look elsewhere alone, add --orchestrator: ${command} --orchestrator=…`,
      { cause: error },
    );
  }
}
