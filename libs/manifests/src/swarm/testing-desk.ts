import { resolveEnvironment, type Environment, type Service } from '@berth/model';
import { POSTGRES, testEnvironment, testService } from '../testing-models';

/** A desk of three services that uses most of what a Swarm has; `store` is PostgreSQL. */
export function swarmDesk(): { environment: Environment; services: Service[] } {
  const environment = testEnvironment({ orchestrator: 'swarm', ttl: '3d' });
  const services = [
    testService('web', {
      ports: [
        { name: 'http', port: 8080, public: true },
        { name: 'prices', port: 8081, appProtocol: 'ws', public: true },
      ],
      health: { path: '/healthz', readiness: { path: '/readyz' } },
      needs: ['pricing'],
      proxy: { bodySize: '1m', hosts: ['desk.example.com'], readTimeout: 120 },
    }),
    testService('pricing', {
      ports: [{ name: 'http', port: 9000, appProtocol: 'h2c' }],
      health: { tcp: true, startSeconds: 20 },
      scale: { min: 2, max: 10, cpu: 70 },
      needs: ['store'],
      env: { LOG_LEVEL: 'info', TEMPLATE: '${HOME} {{.Name}}' },
      secrets: ['STORE_PASSWORD'],
      command: ['node', 'main.js', '$HOME'],
      writable: ['/tmp'],
    }),
    testService('store', {
      ...POSTGRES,
      ports: [{ name: 'sql', port: 5432, appProtocol: 'tcp', nodePort: 5432 }],
      health: { exec: ['pg_isready', '-h', '127.0.0.1'], liveness: { tcp: true } },
    }),
  ];
  return { environment, services: resolveEnvironment(environment, services) };
}
