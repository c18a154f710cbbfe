import { parseCluster, resolveEnvironment, type Service } from '@berth/model';
import { REGISTRY, testEnvironment, testService } from '../testing-models';
import { problemsOf } from '../testing-problems';
import { NOTICES_ANNOTATION, READINESS_LABEL, SHARED_NETWORK } from './names';
import { renderSwarmObjects } from './render-objects';
import { isSwarmService, type SwarmService } from './service-spec';
import { swarmDesk } from './testing-desk';

const options = { registry: REGISTRY };

function rendered(document: object, name = 'staging'): SwarmService {
  const environment = testEnvironment({ orchestrator: 'swarm' }, name);
  const services = resolveEnvironment(environment, [testService('web', document)]);
  return renderSwarmObjects(environment, services, options).filter(isSwarmService)[0] as SwarmService;
}

describe('renderSwarmObjects', () => {
  const { environment, services } = swarmDesk();
  const objects = renderSwarmObjects(environment, services, options);
  const serviceNamed = (name: string) =>
    objects.filter(isSwarmService).find(({ metadata }) => metadata.name === name) as SwarmService;

  it('gives the environment’s mark, its network, and one object for each service, in the order of their needs', () => {
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Environment/staging',
      'Network/default',
      'Service/store',
      'Service/pricing',
      'Service/web',
    ]);
    expect(objects[0]?.metadata.labels).toMatchObject({ 'berth.dev/ttl': '3d' });
  });

  it('leads a need to the port that the service listens on', () => {
    const { Env } = serviceNamed('web').spec.Container;
    expect(Env).toContainEqual({ name: 'PRICING_URL', value: 'http://pricing:9000' });
    expect(serviceNamed('pricing').spec.Container.Env).toContainEqual({
      name: 'STORE_URL',
      value: 'tcp://store:5432',
    });
  });

  it('runs every container without rights, as its user, on a root that is read-only', () => {
    for (const { spec } of objects.filter(isSwarmService)) {
      expect(spec.Container).toMatchObject({ ReadOnly: true, Init: true, CapabilityDrop: ['ALL'] });
      expect(spec.Container.User).toMatch(/^[1-9][0-9]*:[1-9][0-9]*$/);
    }
  });

  it('puts only what is public, and all of admin, on the network that environments share', () => {
    const shares = ({ spec }: SwarmService) =>
      spec.Networks.find(({ name }) => name === SHARED_NETWORK)?.Aliases;
    expect(shares(serviceNamed('web'))).toEqual(['web.staging']);
    expect(shares(serviceNamed('pricing'))).toBeUndefined();
    expect(shares(serviceNamed('store'))).toBeUndefined();
    expect(shares(rendered({}, 'admin'))).toEqual(['web.admin']);
  });

  it('says where those that others reach tell that they are ready', () => {
    const told = ({ metadata }: SwarmService) => metadata.labels?.[READINESS_LABEL];
    expect(JSON.parse(told(serviceNamed('web'))!)).toEqual({ port: 8080, path: '/readyz' });
    const inside = { ports: [{ name: 'http', port: 9000 }], health: { path: '/healthz' } };
    expect(told(rendered(inside))).toBeUndefined();
    expect(JSON.parse(told(rendered(inside, 'admin'))!)).toEqual({ port: 9000, path: '/healthz' });
    expect(told(rendered({ ...inside, health: { tcp: true } }, 'admin'))).toBeUndefined();
  });

  it('replaces a task that has a volume or a port of the node only when the one before has ended', () => {
    const orders = objects
      .filter(isSwarmService)
      .map(({ metadata, spec }) => [metadata.name, spec.UpdateConfig.Order]);
    expect(Object.fromEntries(orders)).toEqual({
      store: 'stop-first',
      pricing: 'start-first',
      web: 'start-first',
    });
    expect(serviceNamed('store').spec.Mode).toBe('global');
  });

  it('lets a container read folders of its node, and not change them', () => {
    const { spec } = rendered({ nodeFolders: [{ folder: '/srv/certificates', path: '/certificates' }] });
    expect(spec.Container.Mounts).toEqual([
      { Type: 'bind', Source: '/srv/certificates', Target: '/certificates', ReadOnly: true },
    ]);
    // It is the same on each node, so nothing binds the service to one.
    expect(spec.Constraints).toEqual([]);
  });

  it('names a secret that is too long where it stands, whatever is before it', () => {
    const secrets = [{ name: 'TOKEN', orchestrators: ['kubernetes'] }, 'S'.repeat(60)];
    expect(() => rendered({ secrets })).toThrow(/service\.json at secrets\[1\]: "S+" is too long on Swarm/);
  });

  it('says what has no effect', () => {
    const notices = JSON.parse(
      serviceNamed('pricing').metadata.annotations?.[NOTICES_ANNOTATION] ?? '[]',
    ) as string[];
    expect(notices).toEqual(['scale.max has no effect: Swarm has no autoscaler; 2 tasks run (scale.min)']);
  });

  const refused: [string, object, RegExp][] = [
    [
      'sidecars',
      { sidecars: [{ name: 'side', command: ['side'] }] },
      /service\.json at sidecars: are programs of the same container on Swarm/,
    ],
    ['apiAccess', { apiAccess: true }, /service\.json at apiAccess: is not to be had on Swarm/],
    [
      'a health question by gRPC',
      { ports: [{ name: 'rpc', port: 9000, appProtocol: 'grpc' }], health: { grpc: true } },
      /service\.json at health: asks by gRPC/,
    ],
    [
      'several tasks with a volume',
      { scale: { min: 2 }, volumes: [{ name: 'data', path: '/data', size: '1Gi' }] },
      /service\.json at scale\.min: must be at most 1 on Swarm with volumes, not 2/,
    ],
    [
      'a secret with too long a name',
      { secrets: ['S'.repeat(60)] },
      /service\.json at secrets\[0\]: "S+" is too long on Swarm/,
    ],
  ];
  it.each(refused)('refuses %s, at its place and with the reason', (_what, document, message) => {
    expect(() => rendered(document)).toThrow(message);
    for (const { hint } of problemsOf(() => rendered(document))) expect(hint).toBeTruthy();
  });

  it('refuses all at once: patches, what is for other orchestrators alone, and what it has not', () => {
    const environment = testEnvironment({ orchestrator: 'swarm' });
    const services = resolveEnvironment(environment, [
      testService('one', { taskRole: 'arn:aws:iam::123456789012:role/one' }),
      testService('two', { apiAccess: true }),
    ]);
    const problems = problemsOf(() =>
      renderSwarmObjects(environment, services, { ...options, patches: ['more.yaml'] }),
    );
    expect(problems.map(({ file, path }) => `${file} ${path}`.trim())).toEqual([
      `${environment.root}/patches/more.yaml`,
      'apps/one/service.json taskRole',
      'apps/two/service.json apiAccess',
    ]);
  });

  describe('of a service that reads the Swarm’s API', () => {
    const document = { apiAccess: true, apiReader: ['node', 'reader.js'] };
    const clusterFolder = { name: 'swarm', root: 'deploy/clusters/swarm' };
    const all = (name: string, docker?: string, service = 'gateway') => {
      const admin = testEnvironment({ orchestrator: 'swarm' }, name);
      return renderSwarmObjects(admin, resolveEnvironment(admin, [testService(service, document)]), {
        ...options,
        ...(docker !== undefined && {
          cluster: parseCluster(JSON.stringify({ provider: 'existing', docker }), clusterFolder),
        }),
      });
    };
    const [gateway, reader] = ['gateway', 'gateway-api'].map((name) =>
      all('desk')
        .filter(isSwarmService)
        .find(({ metadata }) => metadata.name === name),
    ) as [SwarmService, SwarmService];

    it('puts dockerd’s socket into the reader alone, and gives that no way out but to its service', () => {
      expect(gateway.spec.Container.Mounts).toEqual([]);
      expect(reader.spec.Container.Mounts).toEqual([
        { Type: 'bind', Source: '/var/run/docker.sock', Target: '/var/run/docker.sock', ReadOnly: true },
      ]);
      expect(reader.spec).toMatchObject({
        Mode: 'global',
        Constraints: ['node.role==manager'],
        Networks: [{ name: 'desk_gateway-api', Aliases: ['gateway-api'] }],
        Ports: [],
        Container: { ReadOnly: true, CapabilityDrop: ['ALL'], Secrets: [] },
      });
      expect(all('desk').find(({ metadata }) => metadata.name === 'gateway-api')).toMatchObject({
        kind: 'Network',
        spec: { Internal: true },
      });
    });

    it('leads the service to it, and to the public services of all environments, whatever its own is called', () => {
      expect(gateway.spec.Networks.map(({ name }) => name)).toEqual([
        'desk_default',
        SHARED_NETWORK,
        'desk_gateway-api',
      ]);
      expect(gateway.spec.Container.Env).toContainEqual({
        name: 'SWARM_API_URL',
        value: 'http://gateway-api:8080',
      });
      expect(gateway.spec.Container.Env).toContainEqual({ name: 'SWARM_ENVIRONMENT', value: 'desk' });
      expect(reader.spec.Container.Image).toBe(gateway.spec.Container.Image);
    });

    it('takes the socket of the manager that cluster.json names', () => {
      const source = (docker: string) =>
        all('desk', docker)
          .filter(isSwarmService)
          .flatMap(({ spec }) => spec.Container.Mounts.map(({ Source }) => Source));
      expect(source('unix:///run/user/1000/docker.sock')).toEqual(['/run/user/1000/docker.sock']);
      expect(source('ssh://ana@manager.example')).toEqual(['/var/run/docker.sock']);
    });

    it('refuses a name that Docker would not take', () => {
      expect(() => all('e'.repeat(40), undefined, 'x'.repeat(19))).toThrow(
        /service\.json at apiReader: is called e+_x+-api on Swarm, and Docker takes 63 characters/,
      );
    });

    it('refuses another service of the reader’s name', () => {
      const environment = testEnvironment({ orchestrator: 'swarm' });
      const both = [testService('gateway', document), testService('gateway-api')];
      expect(() => renderSwarmObjects(environment, resolveEnvironment(environment, both), options)).toThrow(
        /gateway\/service\.json at apiReader: is a service gateway-api on Swarm, and another one has that name/,
      );
    });
  });

  it('refuses at its place in env.json what an override brought in', () => {
    const overridden = testEnvironment({ orchestrator: 'swarm', services: { web: { apiAccess: true } } });
    const services: Service[] = resolveEnvironment(overridden, [testService('web')]);
    expect(() => renderSwarmObjects(overridden, services, options)).toThrow(
      /env\.json at services\.web\.apiAccess: is not to be had on Swarm/,
    );
  });

  it('refuses names that Docker would not take', () => {
    expect(() => rendered({}, 'e'.repeat(41))).toThrow(
      /an environment's name has at most 40 characters, not 41/,
    );
  });
});
