import type { Dockerd, ReaderSource } from '@berth/follow';
import { ENVIRONMENT_LABEL } from '@berth/manifests';
import { keptState, type DockerService, type DockerTask } from './kept-fields';
import type { SwarmState } from './state';

/** What routes come from, of the services of all environments and their tasks that are to run, by three questions. */
export function routingQuestions(dockerd: Pick<Dockerd, 'list' | 'follow'>): ReaderSource<SwarmState> {
  return {
    async state() {
      const label = [ENVIRONMENT_LABEL];
      const [services, tasks] = await Promise.all([
        dockerd.list<DockerService>('/services', { label }),
        dockerd.list<DockerTask>('/tasks', { label, 'desired-state': ['running', 'ready'] }),
      ]);
      return keptState(services, tasks);
    },
    follow: (onEvent, signal) => dockerd.follow(['service', 'node', 'container'], onEvent, signal),
  };
}
