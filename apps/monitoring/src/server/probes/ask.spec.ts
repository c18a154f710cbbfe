import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ask, noRouteText, type Answer } from './ask';
import { ProbeProblem } from './problem';
import { clusterResolver, swarmResolver } from './resolve';
import type { Target } from './targets';
import { testTarget } from './testing-target';

const open = new Set<Server>();
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all([...open].map((server) => new Promise((resolve) => server.close(resolve))));
  open.clear();
  sockets.clear();
});

async function listen(server: Server): Promise<number> {
  open.add(server);
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const http = (listener: RequestListener) => listen(createHttpServer(listener));
/** Sends this to whoever connects. */
const raw = (says: (socket: Socket) => void) => listen(createServer(says));

const resolve = async () => ['127.0.0.1'];
const asking = (port: number, fields: Partial<Target> = {}, patienceMs = 2_000): Promise<Answer> =>
  ask(testTarget('web', { port, ...fields }), { resolve, patienceMs });

it('asks the path by the name, once, without what the kubelet would not send', async () => {
  const seen: unknown[] = [];
  const port = await http(({ method, url, headers }, response) => {
    seen.push([method, url, headers.host, headers.authorization]);
    response.end('ready');
  });
  const answer = await asking(port, { path: '/readyz?full=1' });
  expect(answer).toEqual({ ms: expect.any(Number), status: 200 });
  expect(answer.ms).toBeGreaterThan(0);
  expect(seen).toEqual([['GET', '/readyz?full=1', 'web.staging', undefined]]);
});

it.each([
  [204, undefined],
  [302, undefined],
  [404, 'answered with status 404'],
  [503, 'answered with status 503'],
])('judges the health status %s as the kubelet does', async (status, problem) => {
  const port = await http((_, response) => response.writeHead(status).end());
  expect(await asking(port)).toMatchObject({ status, ...(problem ? { problem } : {}) });
  expect((await asking(port)).problem).toBe(problem);
});

it.each([
  [200, 'hello', undefined],
  [404, 'no such page', undefined],
  [500, '', undefined],
  [404, `${noRouteText}\n`, 'the gateway has no route for web-staging.localhost'],
  [503, '', 'the gateway answered with status 503: nobody is behind it'],
])('judges status %s and %j of an address', async (status, body, problem) => {
  const port = await http((_, response) => response.writeHead(status).end(body));
  const answer = await asking(port, { probe: 'address', host: 'web-staging.localhost' });
  expect([answer.status, answer.problem]).toEqual([status, problem]);
});

describe('an endpoint that means harm', () => {
  it('never answers', async () => {
    const port = await raw(() => undefined);
    const answer = await asking(port, {}, 50);
    expect(answer).toEqual({ ms: expect.any(Number), problem: 'no answer within 0.05 s' });
  });

  it('drips its answer', async () => {
    const port = await http((_, response) => {
      const dripping = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(dripping));
    });
    expect((await asking(port, {}, 100)).problem).toBe(
      'answered with status 200, but not to its end within 0.1 s',
    );
  });

  it('drips its headers', async () => {
    const port = await raw((socket) => {
      const dripping = setInterval(() => socket.write('H'), 5);
      socket.on('close', () => clearInterval(dripping));
    });
    // `HH` is no HTTP, which is known before the time is over.
    expect((await asking(port, {}, 500)).problem).toBe('its answer is not HTTP');
  });

  it('has a body without an end: a little is read, and the connection closed', async () => {
    let sent = 0;
    const port = await http((_, response) => {
      const part = Buffer.alloc(65_536);
      const write = (): void => {
        do sent += part.length;
        while (response.write(part));
      };
      response.on('drain', write);
      write();
    });
    const closed = new Promise((resolve) =>
      [...open][0]!.on('connection', (socket) => socket.on('close', resolve)),
    );
    expect(await asking(port)).toEqual({ ms: expect.any(Number), status: 200 });
    await closed;
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('leads elsewhere: nobody goes there', async () => {
    let asked = 0;
    const elsewhere = await http((_, response) => {
      asked++;
      response.end();
    });
    const location = `http://127.0.0.1:${elsewhere}/`;
    const port = await http((_, response) => response.writeHead(302, { location }).end());
    expect(await asking(port)).toMatchObject({ status: 302 });
    expect(asked).toBe(0);
  });

  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n', 'its answer is not HTTP'],
    [
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      'its answer is not as long as it says',
    ],
    [`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, 'the headers of its answer are too long'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort', 'the connection was cut'],
    ['', 'the connection was cut'],
  ])('says %.30j', async (text, problem) => {
    const port = await raw((socket) => socket.end(text));
    expect((await asking(port)).problem).toBe(problem);
  });

  it('resets the connection', async () => {
    const port = await raw((socket) => socket.resetAndDestroy());
    expect((await asking(port)).problem).toBe('the connection was cut');
  });
});

it('says when nobody listens', async () => {
  const port = await raw(() => undefined);
  await new Promise((done) => [...open][0]!.close(done));
  expect((await asking(port)).problem).toBe('connection refused');
});

describe('the name', () => {
  const conf = 'nameserver 10.96.0.10\nsearch admin.svc.cluster.local svc.cluster.local cluster.local\n';
  const dns = (answer: (name: string) => Promise<string[]>) =>
    clusterResolver(conf, { resolve4: answer, resolve6: answer } as never)!;
  const failing = (code: string) => dns(async () => Promise.reject(Object.assign(new Error(code), { code })));

  it('is completed as in a pod, and is that of the Service', async () => {
    const asked: string[] = [];
    const port = await http((_, response) => response.end());
    const known = dns(async (name) => {
      asked.push(name);
      return ['127.0.0.1'];
    });
    expect(await ask(testTarget('web', { port }), { resolve: known })).toMatchObject({ status: 200 });
    expect(asked).toEqual(['web.staging.svc.cluster.local']);
  });

  it('that leads elsewhere is not followed', async () => {
    let asked = 0;
    const port = await http((_, response) => {
      asked++;
      response.end();
    });
    const answer = await ask(testTarget('web', { port }), { resolve: dns(async () => ['203.0.113.9']) });
    expect(answer.problem).toBe('web.staging leads to 203.0.113.9, which is not its Service');
    expect(asked).toBe(0);
  });

  it.each([
    ['ENOTFOUND', 'DNS knows no web.staging'],
    ['ENODATA', 'DNS knows no web.staging'],
    ['ETIMEOUT', 'DNS does not answer for web.staging'],
    ['ECONNREFUSED', 'DNS does not answer for web.staging'],
  ])('%s: %s', async (code, problem) => {
    expect((await ask(testTarget('web'), { resolve: failing(code) })).problem).toBe(problem);
    await expect(failing(code)('web.staging', 4)).rejects.toBeInstanceOf(ProbeProblem);
  });

  it('is waited for no longer than the answer', async () => {
    const silent = dns(() => new Promise(() => undefined));
    expect((await ask(testTarget('web'), { resolve: silent, patienceMs: 30 })).problem).toBe(
      'no answer within 0.03 s',
    );
  });

  it('is asked as it is in a task of a Swarm', async () => {
    const asked: string[] = [];
    const resolver = {
      resolve4: async (name: string) => {
        asked.push(name);
        return ['127.0.0.1'];
      },
    };
    expect(await swarmResolver(resolver as never)('web.staging', 4)).toEqual(['127.0.0.1']);
    expect(asked).toEqual(['web.staging']);
  });

  it('leads to any address of a network that it is to lead to, and nobody is asked elsewhere', async () => {
    const port = await http((_, response) => response.end());
    const to = (...addresses: string[]) =>
      ask(testTarget('web', { port, address: '127.0.0.9/24' }), { resolve: async () => addresses });
    expect(await to('203.0.113.9', '127.0.0.1')).toMatchObject({ status: 200 });
    for (const elsewhere of ['127.0.1.1', '203.0.113.9', '::1'])
      expect((await to(elsewhere)).problem).toBe(
        `web.staging leads to ${elsewhere}, which is not on the network of the Swarm’s services`,
      );
  });

  it.each(['127.0.0.9/', '127.0.0.9/0', '127.0.0.9/33', '/24', 'web/24'])(
    'leads to nobody on what is no network: %s',
    async (address) => {
      const target = testTarget('web', { address });
      const { problem } = await ask(target, { resolve: async () => ['127.0.0.1'] });
      expect(problem).toMatch(/^web\.staging leads to 127\.0\.0\.1, which is not/);
    },
  );

  it('is known in pods alone', () => {
    expect(clusterResolver('search example.com\nnameserver 192.0.2.1\n')).toBeUndefined();
    expect(clusterResolver('')).toBeUndefined();
  });
});
