import { NoLinesError, type ReadLines } from '../log-lines';
import type { Monitor } from '../monitor';

/** Docker tells nobody the value of a secret, so none could be masked in what programs put out. */
export function noLinesOnSwarm(monitor: Pick<Monitor, 'details'>): ReadLines {
  return async (service) => {
    if (!monitor.details(service)) return undefined;
    throw new NoLinesError(
      'On a Swarm no lines are shown here: nobody can read its secrets, and so nobody mask them.',
    );
  };
}
