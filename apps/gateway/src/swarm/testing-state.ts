/* Only tests use this. */
import type { SwarmService } from '@berth/routes';
import type { SwarmState, SwarmTask } from './state';

/** A service with a public port 8080. */
export function swarmService(name: string, more: Partial<SwarmService> = {}): SwarmService {
  return {
    id: `id-${name}`,
    name,
    createdAt: '2026-01-01T00:00:00Z',
    labels: {
      'berth.dev/public': 'true',
      'berth.dev/domain': 'localhost',
      'berth.dev/public-ports': 'http',
      'berth.dev/ports': '[{"name":"http","port":8080,"appProtocol":"http"}]',
    },
    ...more,
  };
}

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
