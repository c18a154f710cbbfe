import type { ServiceEntry } from '../entries';

/** Whether nobody has to look: it is healthy, and its probes succeed. */
export function isWell({ state, failing }: ServiceEntry): boolean {
  return state === 'healthy' && failing === undefined;
}
