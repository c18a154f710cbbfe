import { createServer, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createSecureServer1 } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { KubeClient } from './client';
import type { Connection } from './connection';
import { ConflictError, UnreachableError } from './errors';
import { cut, newSecure, type Secure } from './testing-api-server';

interface Asked {
  method: string;
  url: string;
  type: string | undefined;
  body: string;
}
type Answer = { status?: number; headers?: Record<string, string | string[]>; body?: unknown; cut?: boolean };

const resources = { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }] };
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'staging' };
const web = '/apis/apps/v1/namespaces/staging/deployments/web';

let secure: Secure;
beforeAll(async () => void (secure = await newSecure()));

const servers: Record<string, (answer: RequestListener) => Server> = {
  'plain HTTP/1.1': (answer) => createServer(answer),
  'HTTP/1.1 over TLS': (answer) => createSecureServer1(secure, answer),
  // The same kind of function, whose types are others.
  'HTTP/2': (answer) => createSecureServer(secure, answer as never),
};

describe.each(Object.entries(servers))('KubeClient, to a server of %s', (spoken, newServer) => {
  let server: Server;
  let connection: Connection;
  let client: KubeClient;
  let asked: Asked[];
  /** By method and path; each list of answers is used up to its last one. */
  let answers: Record<string, Answer[]>;

  beforeEach(async () => {
    asked = [];
    answers = { 'GET /apis/apps/v1': [{ body: resources }] };
    server = newServer((request, response) => {
      void text(request).then((body) => {
        const { method = '', url = '' } = request;
        asked.push({ method, url, type: request.headers['content-type'], body });
        const list = answers[`${method} ${url.split('?')[0]}`] ?? [];
        const answer = list.length > 1 ? list.shift() : list[0];
        if (answer?.cut) {
          cut(request);
          return;
        }
        response.writeHead(answer?.status ?? (answer ? 200 : 404), answer?.headers);
        response.end(JSON.stringify(answer?.body ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    connection = {
      server: `${spoken.startsWith('plain') ? 'http' : 'https'}://127.0.0.1:${port}`,
      insecure: true,
      description: 'a test',
      kubectl: 'kubectl',
    };
    client = new KubeClient(connection);
  });
  afterEach(async () => {
    client.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks a pod through the server, and once only', async () => {
    const path = '/api/v1/namespaces/admin/pods/gateway-1:8083/proxy/routes';
    answers[`GET ${path}`] = [{ body: { generation: 7 } }, { status: 503, body: { message: 'refused' } }];
    const question = { port: 8083, path: '/routes', onceWithinMs: 1000 };
    expect(await client.askPod('admin', 'gateway-1', question)).toEqual({ generation: 7 });
    await expect(client.askPod('admin', 'gateway-1', question)).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(2);
  });

  it('knows whether the server serves, by one question', async () => {
    answers['GET /readyz'] = [{ body: 'ok' }, { status: 500, body: { message: '[-]etcd failed' } }];
    await client.ready({ onceWithinMs: 1000 });
    await expect(client.ready({ onceWithinMs: 1000 })).rejects.toMatchObject({ status: 500 });
    expect(asked).toHaveLength(2);
  });

  it('applies on the server, as a field manager', async () => {
    answers[`PATCH ${web}`] = [{ body: { metadata: { name: 'web' } } }];
    await client.apply(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'staging' } },
      { fieldManager: 'berth', dryRun: true },
    );
    expect(asked.at(-1)).toMatchObject({
      type: 'application/apply-patch+yaml',
      url: `${web}?fieldManager=berth&dryRun=All&fieldValidation=Ignore`,
    });
  });

  it('tells what the server warns of, each text as it was written', async () => {
    const warning = [
      `299 - "would violate PodSecurity \\"restricted:latest\\": a, b"`,
      '299 - "apps/v1beta1 is old"',
    ];
    answers[`PATCH ${web}`] = [{ headers: { warning } }];
    const told: string[] = [];
    await client.apply(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'staging' } },
      { fieldManager: 'berth', onWarning: (text) => told.push(text) },
    );
    expect(told).toEqual(['would violate PodSecurity "restricted:latest": a, b', 'apps/v1beta1 is old']);
  });

  it('lists in parts, each of the moment of the first', async () => {
    const part = (name: string, next?: string) => ({
      body: { items: [{ metadata: { name } }], metadata: { resourceVersion: '7', continue: next } },
    });
    answers['GET /apis/apps/v1/deployments'] = [part('web', 'a/b'), part('store')];
    const names: string[] = [];
    for await (const { items, resourceVersion } of client.pages(
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      1,
    ))
      names.push(...items.map(({ kind, metadata }) => `${kind} ${metadata.name} ${resourceVersion}`));
    expect(names).toEqual(['Deployment web 7', 'Deployment store 7']);
    expect(asked.map(({ url }) => url).slice(1)).toEqual([
      '/apis/apps/v1/deployments?limit=1',
      '/apis/apps/v1/deployments?limit=1&continue=a%2Fb',
    ]);
  });

  it('asks only once which kinds a version has, also when two ask at the same time', async () => {
    await Promise.all([client.get(deployment), client.get(deployment)]);
    await client.get(deployment);
    expect(asked.filter(({ url }) => url === '/apis/apps/v1')).toHaveLength(1);
  });

  it('asks ahead for kinds that will be needed, and says what goes wrong when they are', async () => {
    client.foresee('apps/v1');
    client.foresee('policy/v1');
    answers['GET /apis/policy/v1'] = [{ status: 400, body: { message: 'no idea' } }];
    await client.get(deployment);
    expect(asked.filter(({ url }) => url === '/apis/apps/v1')).toHaveLength(1);
    const budgets = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' };
    await expect(client.list(budgets)).rejects.toThrow('no idea');
  });

  it('has no object where there is none, and no kind where its definition is missing', async () => {
    expect(await client.get(deployment)).toBeUndefined();
    const thing = { ...deployment, apiVersion: 'example.com/v1', kind: 'Thing' };
    expect(await client.get(thing)).toBeUndefined();
    await expect(client.list({ apiVersion: 'example.com/v1', kind: 'Thing' })).rejects.toThrow(
      'The cluster has no kind Thing in example.com/v1',
    );
  });

  it('tries again what an overloaded server has put off', async () => {
    answers[`GET ${web}`] = [{ status: 429 }, { status: 503 }, { body: { metadata: { name: 'web' } } }];
    expect(await client.get(deployment)).toMatchObject({ metadata: { name: 'web' } });
  });

  it('tells what it tries again, the same only once however many ask, and asks no sooner than it may', async () => {
    const told: string[] = [];
    client.close();
    client = new KubeClient({ ...connection, onRetry: (line) => told.push(line) });
    const busy = { status: 429, headers: { 'retry-after': '1' } };
    answers[`GET ${web}`] = [busy, busy, { body: { metadata: { name: 'web' } } }];
    const started = performance.now();
    await Promise.all([client.get(deployment), client.get(deployment)]);
    expect(performance.now() - started).toBeGreaterThan(1000);
    expect(told).toEqual([`API server ${connection.server}: HTTP status 429; it is waited for`]);
  });

  it('gives up on what it cannot repeat at once, and on everything else in the end', async () => {
    answers[`GET ${web}`] = [{ status: 500, body: { message: 'no idea' } }];
    await expect(client.get(deployment)).rejects.toMatchObject({
      name: 'ApiError',
      message: expect.stringContaining('no idea'),
      hint: expect.stringContaining("get --raw '/readyz?verbose'"),
    });
    expect(asked.filter(({ url }) => url === web)).toHaveLength(4);
    answers[`DELETE ${web}`] = [{ status: 503 }];
    await expect(client.delete(deployment)).rejects.toMatchObject({ status: 503 });
    expect(asked.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  it('repeats an apply whose connection was cut, which is safe, and no creation', async () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'staging' },
    };
    answers[`PATCH ${web}`] = [{ cut: true }, { body: object }];
    expect(await client.apply(object, { fieldManager: 'berth' })).toEqual(object);
    answers['POST /apis/apps/v1/namespaces/staging/deployments'] = [{ cut: true }, { body: object }];
    await expect(client.create(object)).rejects.toThrow(UnreachableError);
  });

  it('repeats what is for one very object only, and tells by that object what came of the first try', async () => {
    const conflict = { status: 409, body: { reason: 'Conflict' } };
    const live = (fields: object) => [{ body: { metadata: { name: 'web', ...fields } } }];
    answers[`DELETE ${web}`] = [{ cut: true }, conflict];
    answers[`GET ${web}`] = live({ uid: 'u1', deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(await client.delete(deployment, { uid: 'u1' })).toBe(true);
    answers[`GET ${web}`] = live({ uid: 'u2' });
    expect(await client.delete(deployment, { uid: 'u1' })).toBe(false);
    answers[`GET ${web}`] = live({ uid: 'u1' });
    await expect(client.delete(deployment, { uid: 'u1' })).rejects.toMatchObject({ status: 409 });
  });

  it('sends nothing any more once it is stopped, neither anew nor again', async () => {
    const stopping = new AbortController();
    const stopped = client.stoppedBy(stopping.signal);
    expect(await stopped.get(deployment)).toBeUndefined();
    answers[`GET ${web}`] = [{ status: 503 }];
    const before = asked.length;
    const asking = stopped.get(deployment);
    asking.catch(() => stopping.abort());
    while (asked.length === before) await new Promise((resolve) => setImmediate(resolve));
    stopping.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
    await expect(stopped.get(deployment)).rejects.toThrow('enough');
    const other = stopped.stoppedBy(new AbortController().signal);
    await expect(other.get(deployment)).rejects.toThrow('enough');
    expect(asked).toHaveLength(before + 1);
  });

  it('gives the conflicts of an apply as such', async () => {
    const cause = {
      reason: 'FieldManagerConflict',
      message: 'conflict with "somebody"',
      field: '.spec.replicas',
    };
    answers[`PATCH ${web}`] = [{ status: 409, body: { reason: 'Conflict', details: { causes: [cause] } } }];
    const applied = client.apply(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'staging' } },
      { fieldManager: 'berth' },
    );
    await expect(applied).rejects.toBeInstanceOf(ConflictError);
  });

  it('deletes one very object only', async () => {
    answers[`DELETE ${web}`] = [{ body: {} }];
    expect(await client.delete(deployment, { uid: 'u1' })).toBe(true);
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toMatchObject({
      propagationPolicy: 'Background',
      preconditions: { uid: 'u1' },
    });
  });

  it('has no log of a container that still waits, and tells the time of the server', async () => {
    const date = new Date(Date.now() + 3_600_000);
    answers['GET /api/v1/namespaces/staging/pods/web-1/log'] = [
      { status: 400, headers: { date: date.toUTCString() }, body: { message: 'is waiting to start' } },
    ];
    expect(await client.logs('staging', 'web-1')).toEqual([]);
    expect(Math.abs(client.now().getTime() - date.getTime())).toBeLessThan(5_000);
  });
});

it.each(['http', 'https'])(
  'gives up on an %s server that takes the connection and stays silent',
  async (protocol) => {
    const silent = createTcpServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = `${protocol}://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const asking = new KubeClient({
      server: address,
      description: 'a test',
      kubectl: 'kubectl',
      idleMs: 100,
    });
    silent.on('connection', (socket) => socket.on('error', () => undefined).resume());
    await expect(asking.get(deployment)).rejects.toMatchObject({
      name: 'UnreachableError',
      message: `GET /apis/apps/v1 at ${address} (a test): the API server does not answer (ETIMEDOUT, no answer for 100 ms).`,
      hint: expect.stringContaining('Is the cluster up? kubectl get nodes'),
    });
    asking.close();
    await new Promise((resolve) => silent.close(resolve));
  },
);
