import type { ShownEnvironment, ShownService } from '@berth/orchestrators';
import type { Details, EventDetail, PodDetail } from '../../entries';
import { nameOf, swarmKind } from './entries';

/** What stands behind a service of a Swarm: its tasks, those that have failed, and how its last update went. */
export function swarmDetails(environment: ShownEnvironment, service: ShownService): Details {
  const { tasks, ended, update } = service;
  const ends = ended.map(({ at, task, state, why }): EventDetail => ({
    at,
    type: 'Warning',
    reason: state,
    object: `Task/${task}`,
    message: why,
    count: 1,
  }));
  const updates = update
    ? [
        {
          at: update.at,
          type: /paused/.test(update.state) ? 'Warning' : 'Normal',
          reason: update.state,
          object: `${swarmKind}/${nameOf(service)}`,
          message: update.message,
          count: 1,
        },
      ]
    : [];
  return {
    pods: tasks.map(({ error, ...task }): PodDetail => {
      const { name, state, ready, restarts, node, startedAt } = task;
      const said = error === undefined ? state : `${state}: ${error}`;
      return { name, state: said, ready, restarts, node, startedAt };
    }),
    events: [...ends, ...updates].sort((one, other) => Date.parse(other.at) - Date.parse(one.at)),
    deploys: [...environment.deploys],
  };
}
