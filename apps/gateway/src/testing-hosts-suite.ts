/* Only tests use this: which service a request is for, however its host is written, and how large it may be. */
import http2 from 'node:http2';
import { once } from 'node:events';
import { routeTo, TestEndpoint, type Seen } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { exchangeHttp2, fieldsFor, type Field } from './testing-raw-http2';
import { ask, exchange } from './testing-request';

export function hostsSuite(gateway: () => TestGateway): void {
  const A = 'host-a.localhost';
  const B = 'host-b.localhost';
  let a: TestEndpoint;
  let b: TestEndpoint;
  beforeAll(async () => {
    [a, b] = [
      await TestEndpoint.start(gateway().hostAddress),
      await TestEndpoint.start(gateway().hostAddress),
    ];
    await gateway().change({ [A]: routeTo([a.address]), [B]: routeTo([b.address]) });
  });
  beforeEach(() => {
    a.seen.splice(0);
    b.seen.splice(0);
  });
  afterAll(async () => {
    await a.close();
    await b.close();
  });

  /** The status, and the Host and X-Forwarded-Host with which a or b was asked. */
  async function answerTo(head: string): Promise<[status: number, ...hosts: string[]]> {
    const text = await exchange(gateway().httpPort, `${head}\r\nConnection: close\r\n\r\n`, () => false);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
    const hosts = (name: string, { headers }: Seen): string => {
      expect(headers['x-forwarded-host']).toBe(headers.host);
      return `${name} as ${headers.host}`;
    };
    return [status, ...a.seen.map((seen) => hosts('a', seen)), ...b.seen.map((seen) => hosts('b', seen))];
  }

  it.each<[string, Awaited<ReturnType<typeof answerTo>>]>([
    ['GET / HTTP/1.1\r\nHost: host-a.localhost', [200, 'a as host-a.localhost']],
    ['GET / HTTP/1.1\r\nHost: HOST-A.LocalHost.:8080', [200, 'a as host-a.localhost:8080']],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost:host-b.localhost', [200, 'a as host-a.localhost']],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost:1:2', [200, 'a as host-a.localhost:2']],
    ['GET http://host-a.localhost/ HTTP/1.1\r\nHost: host-b.localhost', [200, 'a as host-a.localhost']],
    [
      'GET http://HOST-A.localhost:81/ HTTP/1.1\r\nHost: host-b.localhost:82',
      [200, 'a as host-a.localhost:81'],
    ],
    ['GET http://host-a.localhost/ HTTP/1.1\r\nHost: host-b.localhost:82', [200, 'a as host-a.localhost']],
    [
      'GET http://host-a.localhost:81?x HTTP/1.1\r\nHost: host-b.localhost',
      [200, 'a as host-a.localhost:81'],
    ],
    ['GET https://host-a.localhost/ HTTP/1.1\r\nHost: x', [200, 'a as host-a.localhost']],
    ['GET http://host-a.localhost/ HTTP/1.0', [200, 'a as host-a.localhost']],
    ['GET /http://host-b.localhost/ HTTP/1.1\r\nHost: host-a.localhost', [200, 'a as host-a.localhost']],
    ['GET //host-b.localhost/ HTTP/1.1\r\nHost: host-a.localhost', [200, 'a as host-a.localhost']],
    ['GET http://x@host-a.localhost/ HTTP/1.1\r\nHost: host-b.localhost', [400]],
    ['GET http:///x HTTP/1.1\r\nHost: host-a.localhost', [400]],
    ['GET * HTTP/1.1\r\nHost: host-a.localhost', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost\r\nHost: host-b.localhost', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost\r\nHost: host-a.localhost', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost\r\n host-b.localhost', [400]],
    ['GET / HTTP/1.1\r\nX: y', [400]],
    ['GET / HTTP/1.1\r\nHost:', [400]],
    ['GET / HTTP/1.1\r\nHost: .', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a..localhost', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost/', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost host-b.localhost', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost, host-b.localhost', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost\tx', [400]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost\x7f', [400]],
    ['GET / HTTP/1.0', [404]],
    ['GET / HTTP/1.0\r\nHost: host-b.localhost', [200, 'b as host-b.localhost']],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost@host-b.localhost', [404]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost#', [404]],
    ['GET / HTTP/1.1\r\nHost: host-a.localhost\\', [404]],
    ['GET / HTTP/1.1\r\nHost: host%2da.localhost', [404]],
    ['GET / HTTP/1.1\r\nHost: *', [404]],
    ['GET / HTTP/1.1\r\nHost: [::1]', [404]],
    ['GET / HTTP/1.1\r\nHost: ' + 'a.'.repeat(2000), [404]],
    ['GET / HTTP/1.1\r\nHost: höst-a.localhost', [404]],
    ['GET / HTTP/1.1\r\nHost: 0host-a.localhost', [404]],
    ['GET / HTTP/1.1\r\nHost: host-a', [404]],
  ])('reads %j as meant', async (head, expected) => {
    expect(await answerTo(head)).toEqual(expected);
  });

  it.each<[string, Parameters<typeof exchangeHttp2>[1], number | 'ended']>([
    ['an authority', fieldsFor(A), 200],
    ['an authority in capitals, with port and dot', fieldsFor('HOST-A.localhost.:99'), 200],
    ['a host in place of it', [...fieldsFor(A).slice(0, 3), ['host', A]], 200],
    ['two that differ', [...fieldsFor(A), ['host', B]], 400],
    ['two authorities', [...fieldsFor(A), [':authority', B]], 400],
    ['two hosts', [...fieldsFor(A).slice(0, 3), ['host', A], ['host', B]], 400],
    ['neither', fieldsFor(A).slice(0, 3), 400],
    ['an empty one', fieldsFor(''), 400],
    ['a user before it', fieldsFor(`x@${A}`), 404],
    ['a path behind it', fieldsFor(`${A}/x`), 400],
    ['an absolute path', fieldsFor(A, { ':path': `http://${B}/` }), 400],
  ])('reads over HTTP/2 %s', async (_, fields, expected) => {
    expect(await exchangeHttp2(gateway().httpPort, fields)).toBe(expected);
    expect([a.seen.length, b.seen.length]).toEqual([expected === 200 ? 1 : 0, 0]);
    for (const { headers } of a.seen) expect(headers.host).toMatch(/^host-a\.localhost(:99)?$/);
  });

  it('drops headers that a program may take for others: names with anything but letters, digits and hyphens', async () => {
    const names = ['X_Forwarded_For', 'X.Forwarded.For', 'Content_Length', 'X(y)', 'X/y'];
    for (const name of names) {
      const [status] = await answerTo(`GET / HTTP/1.1\r\nHost: ${A}\r\n${name}: 7`);
      expect(status).toBe(200);
      expect(Object.keys(a.seen.at(-1)!.headers)).not.toContain(name.toLowerCase());
    }
    const fields = names.map((name): Field => [name.toLowerCase(), '7']);
    expect(await exchangeHttp2(gateway().httpPort, [...fieldsFor(A), ...fields])).toBe(200);
    for (const [name] of fields) expect(Object.keys(a.seen.at(-1)!.headers)).not.toContain(name);
  });

  it('takes cookies that came in pieces over HTTP/2 as one', async () => {
    const session = http2.connect(`http://127.0.0.1:${gateway().httpPort}`);
    const stream = session.request({ ':path': '/', ':authority': A, cookie: ['a=1', 'b=2'] });
    stream.resume();
    await once(stream, 'end');
    session.destroy();
    expect(a.seen[0]!.headers.cookie).toBe('a=1; b=2');
  });

  describe('takes', () => {
    const target = (length: number) => `/${'x'.repeat(length - 1)}`;
    const head = async (text: string) => (await answerTo(text))[0];

    it('a request line and each header up to 16 kB, and headers up to 64 kB in all', async () => {
      const large = { headers: { 'X-Large': 'x'.repeat(10_000) }, path: target(4000) };
      expect((await ask(gateway().httpPort, A, large)).status).toBe(200);
      const line = `GET ${target(16_300)} HTTP/1.1\r\nHost: nobody.localhost`;
      expect(await head(line)).toBe(404);
      expect(await head(`GET ${target(16_400)} HTTP/1.1\r\nHost: ${A}`)).toBe(414);
      const header = (length: number) => `X-Large: ${'x'.repeat(length - 11)}`;
      expect(await head(`GET / HTTP/1.1\r\nHost: nobody.localhost\r\n${header(16_300)}`)).toBe(404);
      expect(await head(`GET / HTTP/1.1\r\nHost: ${A}\r\n${header(16_400)}`)).toBe(400);
      const three = Array(3).fill(header(16_000)).join('\r\n');
      expect(await head(`GET / HTTP/1.1\r\nHost: nobody.localhost\r\n${three}`)).toBe(404);
      expect(await head(`GET / HTTP/1.1\r\nHost: ${A}\r\n${three}\r\n${three}`)).toBe(400);
      expect([a.seen.length, b.seen.length]).toEqual([1, 0]);
    });

    it('no more over HTTP/2', async () => {
      const fields = (count: number, length: number) => [
        ...fieldsFor(A),
        ...Array.from({ length: count }, (_, index): Field => [`x-${index}`, 'x'.repeat(length)]),
      ];
      expect(await exchangeHttp2(gateway().httpPort, fields(1, 10_000))).toBe(200);
      expect(await exchangeHttp2(gateway().httpPort, fieldsFor(A, { ':path': target(20_000) }))).not.toBe(
        200,
      );
      expect(await exchangeHttp2(gateway().httpPort, fields(8, 12_000))).not.toBe(200);
      expect([a.seen.length, b.seen.length]).toEqual([1, 0]);
    });
  });
}
