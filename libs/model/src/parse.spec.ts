import { parseCluster, parseEnvironment, parseService } from './parse';
import { ModelError, type Problem } from './problem';

const FILE = 'apps/pricing/service.json';

function parse(document: unknown, name = 'pricing') {
  return parseService(JSON.stringify(document), FILE, name);
}

/** What is wrong, as `path: message (hint)`. */
function problems(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ModelError) return error.problems.map(line);
    throw error;
  }
  return [];
}

function line({ path, message, hint }: Problem): string {
  return `${path}: ${message}${hint ? ` (${hint})` : ''}`;
}

const HTTP = { name: 'http', port: 8080 };

describe('parseService', () => {
  it('fills in every default', () => {
    expect(parse({ ports: [HTTP] })).toEqual({
      name: 'pricing',
      root: 'apps/pricing',
      ports: [{ name: 'http', port: 8080, appProtocol: 'http', public: false }],
      scale: { min: 1 },
      resources: { cpu: '100m', memory: '128Mi' },
      needs: [],
      env: {},
      secrets: [],
      volumes: [],
      user: 1000,
      writable: [],
      nodeFolders: [],
      proxy: {},
      alerts: { errors: 0.05 },
      sidecars: [],
      apiAccess: false,
      source: { file: FILE, document: { ports: [HTTP] } },
    });
  });

  it('aims at 80 % of the CPU when an autoscaler has no target of its own', () => {
    expect(parse({ scale: { max: 4 } }).scale).toEqual({ min: 1, max: 4, cpu: 80 });
  });

  it('asks the common question in all stages but those that have their own', () => {
    const health = { path: '/healthz', startup: { exec: ['ready'] }, startSeconds: 9 };
    expect(parse({ ports: [HTTP], health }).health).toEqual({
      readiness: { kind: 'path', path: '/healthz', port: 'http' },
      liveness: { kind: 'path', path: '/healthz', port: 'http' },
      startup: { kind: 'exec', command: ['ready'] },
      startSeconds: 9,
    });
  });

  it.each([
    [{ tcp: true }, { kind: 'tcp', port: 'http' }],
    [{ tcp: 'sql' }, { kind: 'tcp', port: 'sql' }],
    [
      { grpc: 'sql', service: 'x' },
      { kind: 'grpc', port: 'sql', service: 'x' },
    ],
    [
      { path: '/', port: 'sql' },
      { kind: 'path', path: '/', port: 'sql' },
    ],
    [{ exec: ['true'] }, { kind: 'exec', command: ['true'] }],
  ])('reads the health question %j', (health, probe) => {
    const ports = [HTTP, { name: 'sql', port: 5432, appProtocol: 'tcp' }];
    expect(parse({ ports, health }).health).toMatchObject({
      readiness: probe,
      liveness: probe,
      startup: probe,
    });
  });

  it('gives a sidecar the resources of the service where it names none', () => {
    const sidecars = [{ name: 'nginx', command: ['nginx'], resources: { memory: '64Mi' } }];
    expect(parse({ resources: { cpu: '1' }, sidecars }).sidecars).toEqual([
      { name: 'nginx', command: ['nginx'], env: {}, resources: { cpu: '1', memory: '64Mi' } },
    ]);
  });

  it('says all that is wrong at once, with path, what was expected and the nearest name', () => {
    const document = {
      prots: [],
      ports: [{ name: 'http', port: 80, appProtocol: 'htp' }],
      env: { A: 3 },
      user: 0,
    };
    expect(problems(() => parse(document))).toEqual([
      expect.stringMatching(/^prots: is no field here; known are ports, .*\(did you mean "ports"\?\)$/),
      'ports[0].port: must be a whole number from 1024 to 65535 (pods run without the right to bind lower ones), not 80',
      'ports[0].appProtocol: must be one of http, h2c, grpc, ws, tcp, not "htp" (did you mean "http"?)',
      'env.A: must be a string (write numbers and booleans in quotes), not 3',
      'user: must be a whole number from 1 to 2147483647, not 0',
    ]);
  });

  it('gives line and column of what is no JSON', () => {
    const action = () => parseService('{\n  "ports": [}\n', FILE, 'pricing');
    expect(problems(action)).toEqual([': is no JSON: line 2, column 13: expected a value']);
    expect(action).toThrow('apps/pricing/service.json: is no JSON');
  });

  it.each<[object, string]>([
    [{ ports: [HTTP, { name: 'http', port: 8081 }] }, 'ports[1].name: "http" is there twice'],
    [{ ports: [HTTP, { name: 'other', port: 8080 }] }, 'ports[1].port: 8080 is there twice'],
    [
      { ports: [{ name: 'web80', port: 8080 }] },
      'ports[0].name: must not be web80, the name of the port 80 that Berth adds',
    ],
    [{ ports: [{ port: 8080 }] }, 'ports[0].name: is missing'],
    [{ ports: [{ name: 'http' }] }, 'ports[0].port: is missing'],
    [{ ports: {} }, 'ports: must be a list, not an object'],
    [{ needs: 'store' }, 'needs: must be a list, not "store"'],
    [{ apiAccess: 'yes' }, 'apiAccess: must be true or false, not "yes"'],
    [{ apiReader: ['read'] }, 'apiReader: has no effect without apiAccess (add "apiAccess": true)'],
    [
      { ports: [{ name: 'sql', port: 5432, appProtocol: 'tcp', public: true }] },
      'ports[0].public: must be false for tcp: the gateway tells services apart by host name, which plain TCP does not send',
    ],
    [
      { ports: [HTTP], proxy: { path: '/a' } },
      'proxy: has no effect without a public port (add "public": true to a port)',
    ],
    [
      { ports: [HTTP], alerts: { seconds: 2 } },
      'alerts: has no effect without a public port (add "public": true to a port)',
    ],
    [
      { alerts: { errors: 1 } },
      'alerts.errors: must be a number above 0 and below 1, for example 0.05, or false, not 1',
    ],
    [
      { alerts: { seconds: true } },
      'alerts.seconds: must be a number above 0 and below 10 (seconds), or false, not true',
    ],
    [
      { alerts: { seconds: '1s' } },
      'alerts.seconds: must be a number above 0 and below 10 (seconds), or false, not "1s"',
    ],
    [{ scale: { min: 3, max: 2 } }, 'scale.max: must be at least scale.min (3), not 2'],
    [{ scale: { min: 0, max: 2 } }, 'scale.min: must be at least 1 with an autoscaler, not 0'],
    [{ scale: { cpu: 70 } }, 'scale.cpu: has no effect without scale.max'],
    [{ env: { A: '' }, secrets: ['A'] }, 'secrets[0]: "A" is in env too; a variable comes from one place'],
    [{ secrets: ['A', { name: 'A', orchestrators: ['ecs'] }] }, 'secrets[1]: "A" is there twice'],
    [{ secrets: [{ name: 'A' }] }, 'secrets[0].orchestrators: is missing'],
    [
      { secrets: [7] },
      'secrets[0]: must be the name of an environment variable (letters, digits and _, no digit first), or an object with name and orchestrators, not 7',
    ],
    [{ writable: ['/tmp', '/tmp'] }, 'writable[1]: is the same as the item at 0'],
    [
      { proxy: { hosts: Array.from({ length: 101 }, (_, index) => `shop-${index}.example.com`) } },
      'proxy.hosts: has 101 items; at most 100 are allowed',
    ],
    [
      { volumes: [{ name: 'data', path: '/data', size: '1Gi' }], writable: ['/data'] },
      'writable[0]: "/data" is mounted twice',
    ],
    [
      { writable: ['/a/../etc'] },
      'writable[0]: must be an absolute path below / without . or .. and without a slash at its end, not "/a/../etc"',
    ],
    [
      { writable: ['/data'], nodeFolders: [{ folder: '/srv/data', path: '/data' }] },
      'nodeFolders[0].path: "/data" is mounted twice',
    ],
    [
      { nodeFolders: [{ folder: 'certificates', path: '/certificates' }] },
      'nodeFolders[0].folder: must be an absolute path below / without . or .. and without a slash at its end, not "certificates"',
    ],
    ...[
      ['/run', 'be /run'],
      ['/run/docker', 'be in /run'],
      ['/var', 'hold /var/run'],
      ['/proc/1', 'be in /proc'],
    ].map(([folder, what]): [object, string] => [
      { nodeFolders: [{ folder, path: '/certificates' }] },
      `nodeFolders[0].folder: must not ${what}, which is the machine's own (make a folder for this alone, for example /srv/certificates)`,
    ]),
    [{ sidecars: [{ name: 'pricing', command: ['x'] }] }, 'sidecars[0].name: "pricing" is there twice'],
    [
      { resources: { memory: '1000Ti' } },
      'resources.memory: must be bytes with a unit, for example 128Mi or 1Gi, and less than 1000Ti, not "1000Ti"',
    ],
    [
      { ports: [{ ...HTTP, public: true }], proxy: { bodySize: '9999999999g' } },
      'proxy.bodySize: must be at most ten digits (nine with g) with an optional unit k, m or g, for example 10m, not "9999999999g"',
    ],
    [
      { ports: [{ ...HTTP, public: true }], proxy: { redirect: 'http' } },
      'proxy.redirect: must be one of https, not "http" (did you mean "https"?)',
    ],
    [
      { ports: [{ ...HTTP, public: true }], proxy: { hsts: -1 } },
      'proxy.hsts: must be a whole number from 0 to 63072000 (seconds; two years), not -1',
    ],
    [{ health: {} }, 'health: must have one of path, tcp, grpc, exec, but has none'],
    [
      { ports: [HTTP], health: { path: '/', tcp: true } },
      'health: must have one of path, tcp, grpc, exec, not path and tcp',
    ],
    [{ health: { tcp: true } }, 'health.tcp: needs a port to ask, and the service has none'],
    [
      { ports: [HTTP], health: { path: '/', port: 'htpp' } },
      'health.port: must be the name of a port (http), not "htpp" (did you mean "http"?)',
    ],
    [
      { image: 'postgres' },
      'image: must name a tag other than latest, or a digest, not "postgres": what runs must not change by itself',
    ],
    [
      { image: 'localhost:5000/postgres:latest' },
      'image: must name a tag other than latest, or a digest, not "localhost:5000/postgres:latest": what runs must not change by itself',
    ],
    [{ command: ['a\0b'] }, 'command[0]: must be text without zero bytes and without half surrogate pairs'],
  ])('refuses %j', (document, expected) => {
    expect(problems(() => parse(document))).toEqual([expected]);
  });

  it.each(['Pricing', '9lives', 'a-', 'x'.repeat(53)])('refuses the name %s', (name) => {
    expect(problems(() => parse({}, name))).toEqual([
      expect.stringContaining(`not "${name}" (rename the project)`),
    ]);
  });

  it.each(['postgres:17.2', 'localhost:5000/a/b:1', `ghcr.io/a@sha256:${'0'.repeat(64)}`])(
    'takes the image %s',
    (image) => {
      expect(parse({ image }).image).toBe(image);
    },
  );
});

describe('parseEnvironment', () => {
  const folder = { name: 'staging', root: 'deploy/environments/staging' };
  const parseText = (document: unknown, name = 'staging') =>
    parseEnvironment(JSON.stringify(document), { ...folder, name }, { domain: 'example.com' });

  it('fills in every default, the domain from the workspace', () => {
    expect(parseText({ projects: ['tag:scope:demo'] })).toEqual({
      name: 'staging',
      root: 'deploy/environments/staging',
      orchestrator: 'kubernetes',
      cluster: 'local',
      domain: 'example.com',
      projects: ['tag:scope:demo'],
      services: {},
      protected: false,
      ttl: null,
      podSecurity: 'restricted',
    });
  });

  it('may be called 42', () => {
    expect(parseText({ projects: ['x'] }, '42').name).toBe('42');
  });

  it.each(['Staging', 'a_b', '-a', 'a.b', 'a\n', 'ä', '', 'x'.repeat(64)])('may not be called %j', (name) => {
    expect(problems(() => parseText({ projects: ['x'] }, name))).toEqual([
      expect.stringMatching(/^: the environment's name must be at most 63 [^]*\(rename the folder\)$/),
    ]);
  });

  it('gives line and column of what is no JSON', () => {
    const text = '{\n  "projects": ["x"],\n}';
    expect(() => parseEnvironment(text, folder, { domain: 'localhost' })).toThrow(
      'deploy/environments/staging/env.json: is no JSON: line 3, column 1: expected a field name',
    );
  });

  it('says all that is wrong at once', () => {
    const document = { projects: [], orchestrator: 'kubernets', ttl: 'soon', protcted: true };
    expect(problems(() => parseText(document, 'kube-system'))).toEqual([
      `: an environment cannot be called "kube-system": that namespace is Kubernetes' own`,
      'protcted: is no field here; known are orchestrator, cluster, domain, projects, services, protected, ttl, podSecurity (did you mean "protected"?)',
      'orchestrator: must be one of kubernetes, swarm, ecs, not "kubernets" (did you mean "kubernetes"?)',
      'projects: must be a list of one or more Nx project selectors, for example ["tag:scope:demo"], not an empty list',
      'ttl: must be null, or a number with s, m, h, d or w, for example 3d, not "soon"',
    ]);
  });
});

describe('parseCluster', () => {
  const folder = { name: 'local', root: 'deploy/clusters/local' };

  it('fills in every default', () => {
    expect(parseCluster('{"provider": "bare-metal", "hosts": ["localhost"]}', folder)).toEqual({
      ...folder,
      provider: 'bare-metal',
      kubeconfig: 'deploy/clusters/local/kubeconfig',
      context: 'berth-local',
      exposure: 'node-ports',
      nodePorts: {},
      hosts: ['localhost'],
    });
  });

  it.each<[string, string]>([
    [
      '{"provider": "bare-metl", "hosts": ["a b"], "context": 1, "kubeconfg": "x"}',
      [
        'kubeconfg: is no field here; known are provider, kubeconfig, context, docker, exposure, nodePorts, front, ecs, hosts, project, zone, region, machineType, machineTypes, nodes, minNodes, maxNodes, autopilot, releaseChannel, dockerHubMirror, gcloud, profile, version, subnets (did you mean "kubeconfig"?)',
        'provider: must be one of bare-metal, gke, eks, existing, not "bare-metl" (did you mean "bare-metal"?)',
        'context: must be the name of a context, not 1',
        'hosts[0]: must be a host name or IP address, with a user in front of @ where needed, not "a b"',
      ].join('\n'),
    ],
    ['{}', 'provider: is missing'],
    ['{\n"provider": bare-metal }', ': is no JSON: line 2, column 13: expected a value'],
    ['[]', ': must be an object, not an empty list'],
  ])('refuses %s', (text, expected) => {
    expect(problems(() => parseCluster(text, folder)).join('\n')).toBe(expected);
  });

  it('wants the machines of a bare-metal cluster', () => {
    expect(problems(() => parseCluster('{"provider": "bare-metal"}', folder))).toEqual([
      'hosts: must name at least one machine (this machine is "localhost")',
    ]);
  });
});
