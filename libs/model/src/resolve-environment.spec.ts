import type { Environment } from './environment';
import { needVariables } from './needs';
import { parseEnvironment, parseService } from './parse';
import { ModelError } from './problem';
import { leftOut, resolveEnvironment } from './resolve-environment';

const ROOT = 'deploy/environments/staging';

function environment(services: object = {}, name = 'staging', document: object = {}): Environment {
  const text = JSON.stringify({ projects: ['tag:scope:demo'], services, ...document });
  return parseEnvironment(text, { name, root: ROOT }, { domain: 'localhost' });
}

function service(name: string, document: object = {}) {
  const file = `apps/${name}/service.json`;
  return parseService(JSON.stringify({ ports: [{ name: 'http', port: 8080 }], ...document }), file, name);
}

function problems(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ModelError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('resolveEnvironment', () => {
  it('puts services after what they need, else by name', () => {
    const selected = [
      service('web', { needs: ['pricing', 'blotter'] }),
      service('pricing', { needs: ['reference'] }),
    ];
    const rest = ['reference', 'blotter', 'alone'].map((name) => service(name));
    const names = resolveEnvironment(environment(), [...selected, ...rest]).map(({ name }) => name);
    expect(names).toEqual(['alone', 'blotter', 'reference', 'pricing', 'web']);
  });

  it('lays env.json over service.json before the defaults are filled in', () => {
    const pricing = service('pricing', {
      scale: { max: 4 },
      health: { path: '/a' },
      env: { A: '1', B: '2' },
    });
    const overrides = { pricing: { scale: { min: 3 }, health: { path: '/b' }, env: { A: null, C: '3' } } };
    const [resolved] = resolveEnvironment(environment(overrides), [pricing]);
    expect(resolved).toMatchObject({
      scale: { min: 3, max: 4, cpu: 80 },
      health: { liveness: { kind: 'path', path: '/b' } },
    });
    expect(resolved?.env).toEqual({ B: '2', C: '3' });
    expect(pricing.scale.min).toBe(1);
  });

  it('points into env.json for what an override broke', () => {
    const overrides = { pricing: { scale: { min: 9 }, helth: {} } };
    const selected = [service('pricing', { scale: { max: 4 } })];
    expect(problems(() => resolveEnvironment(environment(overrides), selected))).toEqual([
      expect.stringMatching(
        /^deploy\/environments\/staging\/env\.json at services\.pricing\.helth: is no field here/,
      ),
    ]);
    expect(
      problems(() => resolveEnvironment(environment({ pricing: { scale: { min: 9 } } }), selected)),
    ).toEqual([`${ROOT}/env.json at services.pricing.scale.max: must be at least scale.min (9), not 4`]);
  });

  it('refuses overrides of services that it does not have', () => {
    expect(problems(() => resolveEnvironment(environment({ prcing: {} }), [service('pricing')]))).toEqual([
      `${ROOT}/env.json at services.prcing: is no service of this environment; it has pricing (did you mean "pricing"?)`,
    ]);
  });

  it('refuses an empty selection', () => {
    expect(problems(() => resolveEnvironment(environment(), []))).toEqual([
      expect.stringMatching(/env\.json at projects: tag:scope:demo selects no service/),
    ]);
  });

  it('refuses needs that name nothing, and shows circles', () => {
    expect(
      problems(() =>
        resolveEnvironment(environment(), [service('web', { needs: ['prcing'] }), service('pricing')]),
      ),
    ).toEqual([
      'apps/web/service.json at needs[0]: "prcing" is no service of the environment staging (did you mean "pricing"?)',
    ]);
    const circle = [
      service('a', { needs: ['b'] }),
      service('b', { needs: ['c'] }),
      service('c', { needs: ['b'] }),
    ];
    expect(problems(() => resolveEnvironment(environment(), circle))).toEqual([
      'apps/b/service.json at needs: is a circle: b → c → b (a service is started after what it needs; take one of these needs away)',
    ]);
    const noPort = [service('a', { needs: ['b'] }), service('b', { ports: [] })];
    expect(problems(() => resolveEnvironment(environment(), noPort))).toEqual([
      'apps/a/service.json at needs[0]: "b" has no port that could be called',
    ]);
  });

  it('refuses a host label over 63 characters, never cuts it', () => {
    const ports = [{ name: 'http', port: 8080, public: true }];
    const run = (name: string) =>
      problems(() => resolveEnvironment(environment({}, `e${'x'.repeat(20)}`), [service(name, { ports })]));
    expect(run('a'.repeat(41))).toEqual([]);
    expect(run('a'.repeat(42))).toEqual([expect.stringContaining('has 64 characters; DNS allows 63')]);
  });

  it('refuses two services that come to one host', () => {
    const foo = service('foo', {
      ports: [
        { name: 'http', port: 8080, public: true },
        { name: 'bar', port: 8081, public: true },
      ],
    });
    const fooBar = service('foo-bar', { ports: [{ name: 'http', port: 8080, public: true }] });
    expect(problems(() => resolveEnvironment(environment(), [foo, fooBar]))).toEqual([
      'apps/foo-bar/service.json at ports[0]: port http of foo-bar comes to the host foo-bar-staging.localhost, which port bar of foo has',
    ]);
  });

  it('refuses a node port that is taken', () => {
    const ports = [{ name: 'http', port: 8080, nodePort: 80 }];
    const overrides = { b: { ports } };
    expect(
      problems(() => resolveEnvironment(environment(overrides), [service('a', { ports }), service('b')])),
    ).toEqual([`${ROOT}/env.json at services.b.ports[0].nodePort: a has 80 already`]);
  });
});

it('refuses a service with the name that the node ports of another need', () => {
  const ports = [{ name: 'http', port: 8080, nodePort: 80 }];
  const selected = [service('a', { ports }), service('a-nodeport')];
  expect(problems(() => resolveEnvironment(environment(), selected))).toEqual([
    "apps/a/service.json at ports[0].nodePort: needs the Service a-nodeport, which is the service a-nodeport's own",
  ]);
});

describe('a service that names its orchestrators', () => {
  const onSwarm = (services: object = {}) => environment(services, 'staging', { orchestrator: 'swarm' });
  const janitor = service('janitor', { orchestrators: ['kubernetes'] });
  const names = (services: { name: string }[]) => services.map(({ name }) => name);

  it('is left out of environments on another one, and only there', () => {
    const selected = [service('web'), janitor, service('eye', { orchestrators: ['swarm', 'ecs'] })];
    expect(names(resolveEnvironment(environment(), selected))).toEqual(['janitor', 'web']);
    expect(names(leftOut(environment(), selected))).toEqual(['eye']);
    expect(names(resolveEnvironment(onSwarm(), selected))).toEqual(['eye', 'web']);
    expect(names(leftOut(onSwarm(), selected))).toEqual(['janitor']);
  });

  it('keeps the differences that env.json has for it, and may get other orchestrators there', () => {
    const selected = [service('web'), janitor];
    const scaled = onSwarm({ janitor: { scale: { min: 2 } } });
    expect(names(resolveEnvironment(scaled, selected))).toEqual(['web']);
    const there = onSwarm({ janitor: { orchestrators: null } });
    expect(names(resolveEnvironment(there, selected))).toEqual(['janitor', 'web']);
    expect(leftOut(there, selected)).toEqual([]);
  });

  it('is not there for one that needs it', () => {
    expect(
      problems(() => resolveEnvironment(onSwarm(), [service('web', { needs: ['janitor'] }), janitor])),
    ).toEqual([
      'apps/web/service.json at needs[0]: "janitor" is left out of staging: by "orchestrators" of its service.json it is not for swarm',
    ]);
  });

  it('cannot be the only one of an environment on another', () => {
    expect(problems(() => resolveEnvironment(onSwarm(), [janitor]))).toEqual([
      `${ROOT}/env.json at projects: tag:scope:demo selects janitor, and by "orchestrators" of their service.json none of them is for swarm (choose another orchestrator, or other services)`,
    ]);
  });

  it('names such as there are', () => {
    expect(problems(() => service('web', { orchestrators: ['swarm', 'nomad'] })).join()).toMatch(
      /orchestrators\[1\].*kubernetes, swarm, ecs/,
    );
    expect(problems(() => service('web', { orchestrators: [] })).join()).toMatch(
      /orchestrators: must be a list of one or more of kubernetes, swarm, ecs/,
    );
  });
});

it('gives a service the secrets that its orchestrator needs, and no others', () => {
  const document = {
    secrets: ['constructor', { name: 'READER_TOKEN', orchestrators: ['kubernetes', 'ecs'] }],
  };
  const on = (orchestrator: string, overrides: object = {}) =>
    resolveEnvironment(environment(overrides, 'staging', { orchestrator }), [service('eye', document)])[0]
      ?.secrets;
  expect(on('kubernetes')).toEqual(['constructor', 'READER_TOKEN']);
  expect(on('swarm')).toEqual(['constructor']);
  expect(on('swarm', { eye: { secrets: ['OTHER'] } })).toEqual(['OTHER']);
});

describe('needVariables', () => {
  it('leads to port 80 over HTTP, else to the first port', () => {
    const store = service('store', { ports: [{ name: 'sql', port: 5432, appProtocol: 'tcp' }] });
    const feed = service('price-feed', { ports: [{ name: 'ws', port: 9000, appProtocol: 'ws' }] });
    const web = service('web', { needs: ['store', 'price-feed'] });
    expect(needVariables(web, [store, feed, web])).toEqual({
      STORE_URL: 'tcp://store:5432',
      PRICE_FEED_URL: 'http://price-feed',
    });
  });
});
