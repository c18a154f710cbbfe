import type { HealthState, WorkloadHealth } from '@berth/deploy';
import { STACK_API_VERSION } from '@berth/manifests';
import { ECS_SERVICE } from './kinds';
import type { LiveService } from './services';

/** How one ECS service is. Pure. @param service its name in the environment */
export function judge(service: string, live: LiveService | undefined): WorkloadHealth {
  const object = { apiVersion: STACK_API_VERSION, kind: ECS_SERVICE, name: service };
  if (!live) return { object, state: 'progressing', ready: 0, wanted: 1, message: 'is not there yet' };
  const { desired, running, rollout } = live;
  const of = (state: HealthState, message: string): WorkloadHealth => ({
    object,
    state,
    ready: Math.min(running, desired),
    wanted: desired,
    message,
  });
  if (rollout?.state === 'FAILED') return of('hopeless', rollout.reason);
  if ((rollout?.state ?? 'COMPLETED') === 'COMPLETED' && running >= desired) return of('healthy', '');
  const failed = rollout?.failedTasks ?? 0;
  const started = `${running} of ${desired} tasks run`;
  return of('progressing', failed > 0 ? `${started}, ${failed} have failed` : started);
}
