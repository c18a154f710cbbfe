/* Only tests use this. */
import type { SwarmService } from './swarm-service';

/** A service with a public port 8080. @param name Docker's, for example `staging_web` */
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
