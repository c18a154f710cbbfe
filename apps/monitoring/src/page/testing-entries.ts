/* Only tests use this. */
import type { EnvironmentEntry, ServiceEntry } from '../entries';

export function testEnvironment(name: string, fields: Partial<EnvironmentEntry> = {}): EnvironmentEntry {
  return { name, createdAt: '2026-01-01T00:00:00Z', ending: false, protected: false, refused: [], ...fields };
}

export function testService(
  service: string,
  environment = 'staging',
  fields: Partial<ServiceEntry> = {},
): ServiceEntry {
  return {
    environment,
    service,
    kind: 'Deployment',
    name: service,
    state: 'healthy',
    ready: 1,
    wanted: 1,
    message: '',
    images: [`localhost:5000/berth/${service}@sha256:${'0123abcd'.repeat(8)}`],
    createdAt: '2026-01-01T00:00:00Z',
    hosts: [],
    ports: ['http 8080'],
    ...fields,
  };
}
