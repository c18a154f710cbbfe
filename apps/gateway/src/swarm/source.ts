import type { Source } from '../source';
import type { SwarmApi } from './api';
import { LoggedRefusals } from './logged-refusals';
import { observeSwarm } from './observe';

/** The services of a Swarm; refusals are told by the log. */
export function swarmSource(api: SwarmApi): Source {
  return {
    description: `the Swarm at ${api.url}`,
    observe: (options) => observeSwarm(api, options),
    reporter: (table, log) => new LoggedRefusals(table, log),
  };
}
