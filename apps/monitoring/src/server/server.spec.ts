import { createHttpService, type PageFile } from '@berth/http-service';
import type {
  Details,
  EnvironmentEntry,
  LatencyReport,
  LogLines,
  ProbeFailure,
  ServiceEntry,
  SourceEntry,
} from '../entries';
import { Access } from './access';
import { Feed } from './feed';
import { linesOfContainers, LogReading } from './log-lines';
import { startMonitor, type ClusterMonitor } from './monitor';
import { serveMonitoring } from './server';
import { ClusterStandIn } from './testing-cluster';
import { deployLease, namespace, podEvent, publicService, service } from './testing-objects';
import { TableReader } from './testing-reader';

const token = '0123456789abcdef';
const bearer = { authorization: `Bearer ${token}` };
const page: PageFile[] = ['/', '/login.html', '/assets/index-Ab1.js'].map((path) => ({
  path,
  contentType: path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8',
  cacheControl: path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  etag: `"${path}"`,
  content: Buffer.from(path),
}));

let cluster: ClusterStandIn;
let monitor: ClusterMonitor;
let failures: Map<string, ProbeFailure[]>;
let reports: Record<string, LatencyReport> | undefined;
let server: ReturnType<typeof createHttpService>;
const readers: TableReader[] = [];
let readLogs: LogReading['read'];

beforeEach(() => {
  readLogs = async () => [];
  cluster = new ClusterStandIn();
  failures = new Map();
  reports = undefined;
  server = createHttpService({ notReady: () => monitor.waitsFor() });
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => console.error(fields),
  };
  monitor = startMonitor({
    client: cluster.client,
    log,
    onChange: () => feed.tell(),
    failures: () => failures,
    pauseMs: 1,
    tickMs: 10,
  });
  const feed = new Feed({ ledger: monitor.ledger, run: 'run', now: () => cluster.time });
  const domain = () => monitor.domainOf('admin', 'monitoring');
  const access = new Access({ token, now: Date.now, domain, openOnLocalhost: true });
  const probes = { report: (...of: string[]) => reports![of.join('/')] ?? { pointSeconds: 300, probes: [] } };
  serveMonitoring(server, {
    page,
    access,
    feed,
    monitor,
    probes: () => (reports ? probes : undefined),
    readLines: linesOfContainers(monitor, { read: (...asked) => readLogs(...asked) }),
  });
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  monitor.stop();
  await server.close();
});

async function open(after?: string): Promise<TableReader> {
  const address = server.server.listening
    ? `http://127.0.0.1:${(server.server.address() as { port: number }).port}`
    : await server.listen({ host: '127.0.0.1', port: 0 });
  const reader = await TableReader.open(`${address}/api/table`, {
    ...bearer,
    ...(after && { 'last-event-id': after }),
  });
  readers.push(reader);
  return reader;
}

const serviceOf = (reader: TableReader, name: string) =>
  reader.entries.get(`service/staging/Deployment/${name}`) as ServiceEntry | undefined;
const sourceOf = (reader: TableReader) => reader.entries.get('source') as SourceEntry | undefined;

describe('without the token', () => {
  it.each([
    '/api/table',
    '/api/details?environment=a&kind=b&name=c',
    '/api/latency?environment=a',
    '/api/lines',
    '/metrics',
    '/nothing',
  ])('answers 401 at %s, and nothing of the cluster', async (url) => {
    const { statusCode, body } = await server.inject(url);
    expect([statusCode, body]).toEqual([401, expect.stringContaining('A token is asked for')]);
  });

  it('leads from the page to the form, whose parts are for all', async () => {
    const { statusCode, headers } = await server.inject('/');
    expect([statusCode, headers.location]).toEqual([303, '/login.html']);
    for (const path of ['/login.html', '/assets/index-Ab1.js', '/healthz'])
      expect([path, (await server.inject(path)).statusCode]).toEqual([path, 200]);
  });

  it.each(['/assets/../api/table', '/assets/%2e%2e/api/table', '//', '/login.html/../api/table'])(
    'gets nothing by %s',
    async (url) => {
      expect([401, 404]).toContain((await server.inject(url)).statusCode);
    },
  );

  it('answers where the own Service says that all this is on localhost', async () => {
    const host = 'monitoring-admin.localhost';
    expect((await server.inject({ url: '/', headers: { host } })).statusCode).toBe(303);
    cluster.put(...publicService('monitoring', 'admin'));
    const reader = await open();
    await reader.until(() => monitor.domainOf('admin', 'monitoring') === 'localhost');
    expect((await server.inject({ url: '/', headers: { host } })).statusCode).toBe(200);
  });
});

describe('the form', () => {
  const post = (payload: string, headers: Record<string, string> = {}) =>
    server.inject({
      method: 'POST',
      url: '/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload,
    });

  it('takes the token for a session', async () => {
    const { statusCode, headers } = await post(`token=${token}`);
    expect([statusCode, headers.location]).toEqual([303, '/']);
    const cookie = String(headers['set-cookie']).split(';')[0]!;
    expect((await server.inject({ url: '/', headers: { cookie } })).statusCode).toBe(200);
  });

  it.each(['token=wrong', '', 'token=', 'token=%00', `token=${'a'.repeat(9000)}`])(
    'refuses %.20s',
    async (form) => {
      const { statusCode, headers } = await post(form);
      expect([statusCode, headers.location, headers['set-cookie']]).toEqual([
        303,
        '/login.html#wrong',
        undefined,
      ]);
    },
  );

  it('says that a session is for TLS only where the gateway was spoken to by TLS', async () => {
    const { headers } = await post(`token=${token}`, { 'x-forwarded-proto': 'https' });
    expect(headers['set-cookie']).toMatch(/; Secure$/);
  });
});

it('sends with everything what keeps other sites out, and lets nothing of the cluster be kept', async () => {
  const wanted = {
    'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  for (const url of ['/', '/login.html', '/api/details', '/nothing'])
    expect((await server.inject({ url, headers: bearer })).headers).toMatchObject(wanted);
  expect((await open()).headers).toMatchObject({ ...wanted, 'content-type': 'text/event-stream' });
});

describe('the table', () => {
  it('follows the cluster', async () => {
    expect((await server.inject('/readyz')).statusCode).toBe(503);
    const reader = await open();
    cluster.put(namespace('staging'), ...service('web'));
    await reader.until(() => serviceOf(reader, 'web')?.state === 'healthy');
    expect((await server.inject('/readyz')).statusCode).toBe(200);
    cluster.put(...service('web', { waiting: { reason: 'ErrImagePull', message: 'not found' } }));
    await reader.until(() => serviceOf(reader, 'web')?.state === 'hopeless');
    expect(serviceOf(reader, 'web')?.message).toBe('ErrImagePull: not found');
    cluster.delete(...service('web'));
    await reader.until(() => serviceOf(reader, 'web') === undefined);
    expect(reader.events[0]).toBe('snapshot');
    expect(reader.events.slice(1)).not.toContain('snapshot');
  });

  it('goes on after a connection that was lost, with what has changed meanwhile', async () => {
    cluster.put(namespace('staging'), ...service('web'), ...service('store'));
    const before = await open();
    await before.until(() => serviceOf(before, 'store') !== undefined);
    before.close();
    cluster.put(...service('web', { ready: false }));
    const watching = await open();
    await watching.until(() => serviceOf(watching, 'web')?.state === 'progressing');
    const after = await open(before.lastId);
    await after.until(() => serviceOf(after, 'web')?.state === 'progressing');
    expect(after.events[0]).toBe('change');
    expect(serviceOf(after, 'store')).toBeUndefined();
  });

  it('says since when it is old while the API server is away, and recovers', async () => {
    cluster.put(namespace('staging'), ...service('web'));
    const reader = await open();
    await reader.until(() => serviceOf(reader, 'web') !== undefined);
    cluster.isAway = true;
    cluster.cut();
    await reader.until(() => sourceOf(reader)?.oldSince !== undefined);
    expect(sourceOf(reader)?.oldSince).toBe(cluster.time.toISOString());
    expect(serviceOf(reader, 'web')?.state).toBe('healthy');
    cluster.put(...service('web', { ready: false }));
    cluster.isAway = false;
    await reader.until(() => sourceOf(reader)?.oldSince === undefined);
    await reader.until(() => serviceOf(reader, 'web')?.state === 'progressing');
  });

  it('says since when it is old also when the API server hangs, and every watch is as open as before', async () => {
    cluster.put(namespace('staging'), ...service('web'));
    const reader = await open();
    await reader.until(() => serviceOf(reader, 'web') !== undefined);
    const heardAt = cluster.time;
    cluster.isHanging = true;
    cluster.time = new Date(heardAt.getTime() + 60_000);
    await reader.until(() => sourceOf(reader)?.oldSince !== undefined);
    expect([sourceOf(reader)?.oldSince, monitor.age()]).toEqual([heardAt.toISOString(), 60]);
    expect(serviceOf(reader, 'web')?.state).toBe('healthy');
    cluster.isHanging = false;
    await reader.until(() => sourceOf(reader)?.oldSince === undefined);
    expect(monitor.age()).toBe(0);
  });

  it('lists anew when the API server has forgotten where it was, and drops what is gone', async () => {
    cluster.put(namespace('staging'), ...service('web'), ...service('store'));
    const reader = await open();
    await reader.until(() => serviceOf(reader, 'store') !== undefined);
    cluster.isAway = true;
    cluster.expire();
    cluster.delete(...service('store'));
    cluster.isAway = false;
    await reader.until(() => serviceOf(reader, 'store') === undefined);
    expect(cluster.lists.Deployment).toBe(2);
    expect(serviceOf(reader, 'web')?.state).toBe('healthy');
  });

  it('hands on what means harm as the text that it is', async () => {
    const evil = '</script><script>alert(1)</script>\n\nevent: snapshot\ndata: {}\n\n\u2028';
    const lastDeploy = { number: 1, at: '2026-01-02T11:00:00.000Z', author: evil, outcome: 'succeeded' };
    cluster.put(
      namespace('staging', { 'berth.dev/last-deploy': JSON.stringify(lastDeploy), 'berth.dev/ttl': evil }),
      ...service('web', { waiting: { reason: 'ErrImagePull', message: evil } }),
      deployLease(evil, cluster.time),
      ...service('__proto__'),
    );
    const reader = await open();
    await reader.until(() => serviceOf(reader, 'web') !== undefined);
    expect(reader.entries.get('environment/staging')).toMatchObject({
      lastDeploy: { author: evil },
      ttl: evil,
      deploying: { holder: evil },
    } satisfies Partial<EnvironmentEntry> | object);
    expect(serviceOf(reader, 'web')?.message).toBe(`ErrImagePull: ${evil}`);
    expect(serviceOf(reader, '__proto__')?.state).toBe('healthy');
  });

  it('has nothing of variables, commands and what programs put out', async () => {
    const secret = 'hunter2';
    const said = { terminated: { exitCode: 1, message: secret } };
    cluster.put(
      namespace('staging'),
      ...service('web', {
        container: { env: [{ name: 'PASSWORD', value: secret }], args: [secret] },
        ready: false,
        containerStatus: {
          restartCount: 5,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: said,
        },
      }),
      podEvent('web', { reason: 'Unhealthy', message: `Readiness probe failed: ${secret}` }),
    );
    const reader = await open();
    await reader.until(() => serviceOf(reader, 'web')?.state === 'hopeless');
    expect(serviceOf(reader, 'web')?.message).toBe('crashed 6 times (exit code 1)');
    const details = await server.inject({
      url: '/api/details?environment=staging&kind=Deployment&name=web',
      headers: bearer,
    });
    expect(details.json<Details>()).toEqual({
      pods: [
        expect.objectContaining({ name: 'web-1-a', state: 'CrashLoopBackOff', restarts: 5, node: 'node-1' }),
      ],
      events: [
        {
          at: '2026-01-01T00:00:00.000Z',
          type: 'Warning',
          reason: 'Unhealthy',
          object: 'Pod/web-1-a',
          message: 'Readiness probe failed',
          count: 2,
        },
      ],
      deploys: [],
    });
    expect(reader.text + details.body).not.toContain(secret);
  });
});

describe('probes', () => {
  it('are said with the service when they fail, whatever its health is, and no more when they succeed', async () => {
    cluster.put(namespace('staging'), ...service('web'), ...service('store'));
    const reader = await open();
    await reader.until(() => serviceOf(reader, 'web')?.state === 'healthy');
    const failure = {
      asked: 'http://web.staging',
      problem: 'connection refused',
      since: '2026-01-02T12:00:00.000Z',
    };
    failures = new Map([['staging/web', [failure]]]);
    await reader.until(() => serviceOf(reader, 'web')?.failing !== undefined);
    expect(serviceOf(reader, 'web')).toMatchObject({ state: 'healthy', failing: [failure] });
    expect(serviceOf(reader, 'store')?.failing).toBeUndefined();
    failures = new Map();
    await reader.until(() => serviceOf(reader, 'web')?.failing === undefined);
  });

  it('have their latencies told of one service at a time', async () => {
    const url = '/api/latency?environment=staging&service=web';
    expect((await server.inject({ url, headers: bearer })).statusCode).toBe(404);
    const point = { at: '2026-01-02T12:00:00Z', succeeded: 1, failed: 0, median: 1, p95: 1, max: 1 };
    reports = {
      'staging/web': { pointSeconds: 300, probes: [{ asked: 'http://web.staging', points: [point] }] },
    };
    expect((await server.inject({ url, headers: bearer })).json()).toEqual(reports['staging/web']);
    for (const query of ['', '?environment=staging', '?environment[]=staging&service=%00'])
      expect((await server.inject({ url: `/api/latency${query}`, headers: bearer })).json()).toEqual({
        pointSeconds: 300,
        probes: [],
      });
  });

  it('are of what the cluster has', async () => {
    const container = { ports: [{ name: 'http', containerPort: 8080 }] };
    const readinessProbe = { httpGet: { path: '/readyz', port: 'http' } };
    const [deployment, ...others] = service('web', { container: { ...container, readinessProbe } });
    const { template } = deployment!['spec'] as { template: object };
    const spec = { replicas: 1, template: { ...template, metadata: { labels: { app: 'web' } } } };
    const leading = {
      clusterIP: '10.96.0.7',
      selector: { app: 'web' },
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    };
    cluster.put(namespace('staging'), { ...deployment!, spec }, ...others);
    cluster.put(...publicService('web', 'staging', { spec: leading }));
    const reader = await open();
    await reader.until(() => serviceOf(reader, 'web') !== undefined);
    expect(monitor.targets({ namespace: 'admin', name: 'gateway' })).toEqual([
      expect.objectContaining({ name: 'web.staging', address: '10.96.0.7', path: '/readyz' }),
    ]);
    expect(monitor.age()).toBe(0);
  });
});

it('tells with the details which deploys there were', async () => {
  const deploy = { at: '2026-01-02T11:00:00.000Z', author: 'ana', outcome: 'succeeded' };
  const deploys = [2, 1].map((number) => ({ ...deploy, number }));
  cluster.put(
    namespace('staging', {
      'berth.dev/deploys': JSON.stringify(deploys.map((each) => ({ ...each, failure: 'x' }))),
    }),
    ...service('web'),
  );
  const reader = await open();
  await reader.until(() => serviceOf(reader, 'web') !== undefined);
  const url = '/api/details?environment=staging&kind=Deployment&name=web';
  const details = await server.inject({ url, headers: bearer });
  expect(details.json<Details>().deploys).toEqual(deploys);
});

describe('the last lines', () => {
  const url = '/api/lines?environment=staging&kind=Deployment&name=web';
  const ask = () => server.inject({ url, headers: bearer });
  const run = { pod: 'web-1-a', container: 'web', previous: false };
  beforeEach(async () => {
    cluster.put(namespace('staging'), ...service('web', { containerStatus: { restartCount: 2 } }));
    const reader = await open();
    await reader.until(() => serviceOf(reader, 'web') !== undefined);
  });

  it('are asked of the log reader, also those from before a restart', async () => {
    const lines = [{ at: '2026-01-02T12:00:00Z', text: '***' }];
    readLogs = async (environment, runs) => {
      expect([environment, runs]).toEqual(['staging', [{ ...run, previous: true }, run]]);
      return [{ ...run, lines, isCut: true }];
    };
    expect((await ask()).json<LogLines>()).toEqual({
      sources: [{ ...run, lines, isCut: true }],
      omittedPods: 0,
    });
  });

  it('are not there without the log reader, and the page hears why', async () => {
    const { address, port } = server.server.address() as { address: string; port: number };
    // This server itself knows neither the path nor the token.
    const stranger = new LogReading({ url: new URL(`http://${address}:${port}`), token: 'x'.repeat(16) });
    readLogs = stranger.read.bind(stranger);
    const refused = await ask();
    expect([refused.statusCode, refused.body]).toEqual([
      503,
      expect.stringContaining('another LOG_READER_TOKEN'),
    ]);
    const nobody = new LogReading({ url: new URL('http://127.0.0.1:1'), token });
    readLogs = nobody.read.bind(nobody);
    const silent = await ask();
    expect([silent.statusCode, silent.body]).toEqual([503, expect.stringContaining('does not answer')]);
  });
});

it.each([
  '',
  '?environment=staging',
  '?environment=staging&kind=Secret&name=web',
  '?kind[]=a&environment=%00',
])('knows no service by %s', async (query) => {
  cluster.put(namespace('staging'), ...service('web'));
  const reader = await open();
  await reader.until(() => serviceOf(reader, 'web') !== undefined);
  for (const path of ['/api/details', '/api/lines'])
    expect((await server.inject({ url: `${path}${query}`, headers: bearer })).statusCode).toBe(404);
});
