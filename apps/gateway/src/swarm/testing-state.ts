/* Only tests use this. */
import type { SwarmService } from '@berth/routes';
import { swarmService } from '@berth/routes/src/testing-swarm-service';
import type { SwarmState, SwarmTask } from './state';

export function swarmTask(service: string, address: string, runs = true): SwarmTask {
  return { service: `id-${service}`, runs, address };
}

/** A Swarm in which the gateway runs, and these. */
export function swarmState(services: SwarmService[], tasks: SwarmTask[], isMoving = false): SwarmState {
  const gateway = swarmService('admin_gateway', { labels: {} });
  return {
    services: [gateway, ...services],
    tasks: [swarmTask('admin_gateway', '10.0.1.2'), ...tasks],
    isMoving,
  };
}
