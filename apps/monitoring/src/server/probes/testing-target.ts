/* Only tests use this. */
import type { Target } from './targets';

export function testTarget(service: string, fields: Partial<Target> = {}): Target {
  const name = `${service}.staging`;
  return {
    id: `health/staging/${service}`,
    environment: 'staging',
    service,
    probe: 'health',
    name,
    address: '127.0.0.1',
    port: 80,
    host: name,
    path: '/readyz',
    ...fields,
  };
}
