import type { ReaderClient } from '@berth/follow';
import type { Source } from '../source';
import { LoggedRefusals } from './logged-refusals';
import { observeSwarm } from './observe';
import type { SwarmState } from './state';

/** The services of a Swarm; refusals are told by the log. */
export function swarmSource(api: ReaderClient<SwarmState>): Source {
  return {
    description: `the Swarm at ${api.url}`,
    observe: (options) => observeSwarm(api, options),
    reporter: (table, log) => new LoggedRefusals(table, log),
  };
}
