/* Only tests use this. */
import type { ShownEnvironment, ShownService, ShownSwarm } from '@berth/orchestrators';
import { swarmService } from '@berth/routes/src/testing-swarm-service';

/** A public service with one task that runs. */
export function shownService(
  name: string,
  environment = 'staging',
  fields: Partial<ShownService> = {},
): ShownService {
  return {
    name,
    health: { state: 'healthy', ready: 1, wanted: 1, message: '' },
    images: [`localhost:5000/berth/${name}@sha256:${'0123abcd'.repeat(8)}`],
    routed: swarmService(`${environment}_${name}`),
    tasks: [
      {
        name: `${name}.1.x4k2`,
        state: 'running',
        ready: true,
        restarts: 0,
        node: 'alpha',
        startedAt: '2026-01-01T00:00:00Z',
      },
    ],
    ended: [],
    readiness: { port: 8080, path: '/readyz' },
    published: [],
    network: '10.0.1.5/24',
    ...fields,
  };
}

export function shownEnvironment(
  name: string,
  services: readonly ShownService[],
  fields: Partial<ShownEnvironment> = {},
): ShownEnvironment {
  return { name, createdAt: '2026-01-01T00:00:00Z', protected: false, deploys: [], services, ...fields };
}

/** The gateway, as it is in `admin`. */
export function shownGateway(): ShownService {
  const gateway = shownService('gateway', 'admin', {
    published: [{ name: 'http', port: 8080, published: 80 }],
    network: '10.0.1.2/24',
  });
  const { readiness: _, ...rest } = gateway;
  return { ...rest, routed: { ...gateway.routed, labels: {} } };
}

/** A Swarm with the gateway and these environments. */
export function shownSwarm(
  environments: readonly ShownEnvironment[],
  fields: Partial<ShownSwarm> = {},
): ShownSwarm {
  return {
    at: '2026-01-02T12:00:00.000Z',
    environments: [shownEnvironment('admin', [shownGateway()]), ...environments],
    isMoving: false,
    ...fields,
  };
}
