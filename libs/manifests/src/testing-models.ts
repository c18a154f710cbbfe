import {
  parseEnvironment,
  parseService,
  resolveEnvironment,
  type Environment,
  type Service,
} from '@berth/model';

/** Models for tests, through the parser, so that they are what files can say. */
export const REGISTRY = 'localhost:5000/berth';

export function testEnvironment(document: object = {}, name = 'staging'): Environment {
  const folder = { name, root: `deploy/environments/${name}` };
  return parseEnvironment(JSON.stringify({ projects: ['tag:scope:demo'], ...document }), folder, {
    domain: 'localhost',
  });
}

export function testService(name: string, document: object = {}): Service {
  return parseService(JSON.stringify(document), `apps/${name}/service.json`, name);
}

/** Services by their names and what their service.json says, in the order of their needs. */
export function testServices(
  environment: Environment,
  documents: Readonly<Record<string, object>>,
): Service[] {
  return resolveEnvironment(
    environment,
    Object.entries(documents).map(([name, document]) => testService(name, document)),
  );
}

/** What PostgreSQL's service.json says. */
export const POSTGRES = {
  ports: [{ name: 'sql', port: 5432, appProtocol: 'tcp' }],
  health: { exec: ['pg_isready', '-h', '127.0.0.1'] },
  resources: { cpu: '200m', memory: '256Mi' },
  env: { PGDATA: '/var/lib/postgresql/data' },
  secrets: ['POSTGRES_PASSWORD'],
  volumes: [{ name: 'data', path: '/var/lib/postgresql', size: '1Gi' }],
  user: 70,
  writable: ['/run/postgresql', '/tmp'],
};

/** A desk of three services that uses most of the model; `store` is PostgreSQL. */
export function testDesk(): { environment: Environment; services: Service[] } {
  const environment = testEnvironment({ services: { pricing: { scale: { min: 3 } } } });
  const services = [
    testService('web', {
      ports: [
        { name: 'http', port: 8080, public: true },
        { name: 'prices', port: 8081, appProtocol: 'ws', public: true },
      ],
      health: { path: '/healthz' },
      needs: ['pricing'],
      proxy: { bodySize: '1m', hosts: ['desk.example.com'], readTimeout: 120 },
    }),
    testService('pricing', {
      ports: [{ name: 'rpc', port: 9000, appProtocol: 'grpc', public: true }],
      health: { grpc: true, startSeconds: 20 },
      scale: { min: 2, max: 10, cpu: 70 },
      needs: ['store'],
      env: { LOG_LEVEL: 'info' },
      secrets: ['STORE_PASSWORD'],
      writable: ['/tmp'],
      proxy: { path: '/prices.v1' },
    }),
    testService('store', POSTGRES),
  ];
  return { environment, services: resolveEnvironment(environment, services) };
}
