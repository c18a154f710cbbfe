import { hostClaims, refuseTakenHosts } from './host-claims';
import { parseEnvironment, parseService } from './parse';
import { resolveEnvironment } from './resolve-environment';

/** An environment of one service with a public port. */
function environment(name: string, service: string, document: object = {}, settings: object = {}) {
  const root = `deploy/environments/${name}`;
  const text = JSON.stringify({ projects: [service], ...settings });
  const parsed = parseEnvironment(text, { name, root }, { domain: 'localhost' });
  const ports = [{ name: 'http', port: 8080, public: true }];
  const file = `apps/${service}/service.json`;
  const selected = parseService(JSON.stringify({ ports, ...document }), file, service);
  return { environment: parsed, services: resolveEnvironment(parsed, [selected]) };
}

type Resolved = ReturnType<typeof environment>;

const refuse =
  ({ environment: own, services }: Resolved, ...others: Resolved[]) =>
  () =>
    refuseTakenHosts(
      own,
      services,
      others.flatMap((other) => hostClaims(other.environment, other.services)),
    );

describe('hosts of several environments', () => {
  const one = environment('c', 'a-b');
  const other = environment('b-c', 'a');

  it('are refused when two services of one cluster come to the same, in either of the two', () => {
    expect(refuse(other, other, one)).toThrow(
      'apps/a/service.json at ports[0]: port http of a comes to the host a-b-c.localhost, which port http of a-b has in the environment c of the same cluster (give the service, the port or the environment another name)',
    );
    expect(refuse(one, one, other)).toThrow('which port http of a has in the environment b-c');
  });

  it('may be the same on two clusters, and below two domains', () => {
    expect(refuse(other, environment('c', 'a-b', {}, { cluster: 'far' }))).not.toThrow();
    expect(refuse(other, environment('c', 'a-b', {}, { domain: 'example.com' }))).not.toThrow();
  });

  it('are refused where proxy.hosts of a service go into both, with where to tell them apart', () => {
    const proxy = { hosts: ['shop.example.com'] };
    expect(refuse(environment('staging', 'web', { proxy }), environment('prod', 'web', { proxy }))).toThrow(
      `apps/web/service.json at proxy.hosts[0]: web's proxy.hosts comes to the host shop.example.com, which web's proxy.hosts has in the environment prod of the same cluster (give it hosts of its own as services.web.proxy.hosts in deploy/environments/staging/env.json)`,
    );
  });

  it('are no matter within the environment itself, and where no port is public', () => {
    expect(refuse(one, one)).not.toThrow();
    expect(refuse(environment('b-c', 'a', { ports: [] }), one)).not.toThrow();
  });
});

it('a host over 253 characters is refused, as a label over 63 is', () => {
  const domain = Array.from({ length: 4 }, () => 'x'.repeat(61)).join('.');
  expect(() => environment('c', 'a', {}, { domain: `${domain}.y` })).not.toThrow();
  expect(() => environment('c', 'a', {}, { domain: `${domain}.yyyyy` })).toThrow(
    'has 257 characters; DNS allows 253 (shorten the domain)',
  );
});
