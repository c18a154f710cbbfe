import { createHash } from 'node:crypto';
import type { EnvironmentContent } from '../status/environments';

/** Of an environment. */
export const SERVICES = 25;

const serviceNames = [
  ...['accounts', 'audit', 'billing', 'blotter', 'calendar', 'catalog', 'checkout', 'documents', 'events'],
  ...['execution', 'invoices', 'ledger', 'limits', 'mailer', 'notifications', 'orders', 'pricing', 'quotes'],
  ...['reference', 'reports', 'risk', 'search', 'settlement', 'users', 'web'],
];
const teams = [
  ...['atlas', 'bonds', 'cash', 'desk', 'equity', 'funds', 'gold', 'harbor', 'index', 'jade'],
  ...['kite', 'lime', 'metals', 'north', 'options', 'pearl', 'quartz', 'rates', 'swaps', 'tide'],
];
const stages = ['development', 'production', 'review', 'staging', 'test'];

/** What a person has who looks at the page: public addresses, images by their digests. */
export const content: EnvironmentContent = {
  services: Object.fromEntries(
    serviceNames.map((name, index) => [
      name,
      {
        image: imageOf(name, 0),
        // One of five is public.
        ports: [{ name: 'http', port: 8080, ...(index % 5 === 4 && { public: true }) }],
        health: { path: '/healthz' },
      },
    ]),
  ),
  author: 'ada@example.com',
  commit: '0123456789abcdef0123456789abcdef01234567',
};

/** Of so many environments, for example `equity-staging`, `equity-staging-2`. */
export function environmentNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / stages.length / teams.length);
    const team = teams[Math.floor(index / stages.length) % teams.length];
    return [team, stages[index % stages.length], ...(round > 0 ? [round + 1] : [])].join('-');
  });
}

/** The image of a service after so many deploys. */
export function imageOf(service: string, deploys: number): string {
  const digest = createHash('sha256').update(`${service} ${deploys}`).digest('hex');
  return `registry.invalid/desk/${service}@sha256:${digest}`;
}

/** What the page shows of it. */
export function digestShown(image: string): string {
  return /sha256:([0-9a-f]{8})/.exec(image)?.[1] ?? '';
}

/** A service of an environment. */
export interface Place {
  environment: string;
  service: string;
}

/** Every service of these environments; neighbours are of different environments. */
export function placesIn(environments: readonly string[]): Place[] {
  return serviceNames.flatMap((service) => environments.map((environment) => ({ environment, service })));
}
