/* Only tests use this: endpoints that send rubbish, hang, or end too early. */
import http from 'node:http';
import type { Socket } from 'node:net';
import { routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { answering, answeringEach, RawEndpoint } from './testing-raw-endpoint';
import { exchangeHttp2, fieldsFor } from './testing-raw-http2';
import { ask, exchange } from './testing-request';
import { until } from './testing-until';

const OK = 'HTTP/1.1 200 OK\r\n';
const header = (size: number): string => `X-Large: ${'x'.repeat(size)}\r\n`;

export function hostileEndpointsSuite(gateway: () => TestGateway): void {
  const HOST = 'hostile.localhost';
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  const port = () => gateway().httpPort;

  async function start(behaviour: Parameters<typeof RawEndpoint.start>[1]): Promise<RawEndpoint> {
    const endpoint = await RawEndpoint.start(gateway().hostAddress, behaviour);
    closers.push(() => endpoint.close());
    await gateway().change({ [HOST]: routeTo([endpoint.address], { proxy: { readTimeout: 1 } }) });
    return endpoint;
  }

  const end = (socket: { end(): void }): void => socket.end();

  it.each([
    ['what is no HTTP', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'],
    ['bytes', '\0\x01\x02\xff\xfe\r\n\r\n'],
    ['a page without a header', '<html>hello</html>\n'],
    ['a line that begins like HTTP', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['nothing', ''],
    ['half a line', 'HTTP/1.1 20'],
    ['half a header', `${OK}Content-Length: 5\r\nX-Ha`],
    ['a NUL in a header', `${OK}X: a\0b\r\nContent-Length: 0\r\n\r\n`],
    ['a header of 17 kB', `${OK}${header(17_000)}Content-Length: 0\r\n\r\n`],
    ['headers of 200 kB', `${OK}${header(1000).repeat(200)}Content-Length: 0\r\n\r\n`],
    ['a length and chunks', `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
    ['a length below zero', `${OK}Content-Length: -1\r\n\r\nhello`],
    ['a length that is none', `${OK}Content-Length: five\r\n\r\nhello`],
    ['an encoding that is none', `${OK}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['another protocol that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
    [
      '10,000 interim answers',
      'HTTP/1.1 102 Processing\r\n\r\n'.repeat(10_000) + `${OK}Content-Length: 0\r\n\r\n`,
    ],
    [
      'a hint before its answer',
      `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${OK}Content-Length: 0\r\n\r\n`,
    ],
  ])('is answered for with 502 when it sends %s', async (_, answer) => {
    await start(answering(answer, end));
    const { status, headers, body } = await ask(port(), HOST, { method: 'POST' });
    expect([status, body.includes('SSH') || body.includes('HTTP/1')]).toEqual([502, false]);
    expect(headers['x-large']).toBeUndefined();
    expect(await exchangeHttp2(port(), fieldsFor(HOST))).toBe(502);
  });

  it.each([
    ['in its body', `${OK}Content-Length: 100\r\n\r\nhello`],
    ['in a chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n64\r\nhello`],
    ['before the last chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`],
    ['with a chunk that is none', `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n`],
  ])('leaves its client with an answer that is plainly not whole when it ends %s', async (_, answer) => {
    await start(answering(answer, end));
    await expect(ask(port(), HOST, { method: 'POST' })).rejects.toThrow(/^(aborted|socket hang up)$/);
  });

  it.each([
    [
      'more than its length',
      `${OK}Content-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`,
    ],
    [
      'a second answer',
      `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n${OK}Content-Length: 6\r\n\r\npoison`,
    ],
  ])('gives nothing to the next request by sending %s', async (_, answer) => {
    const endpoint = await start(answering(answer));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let round = 0; round < 5; round++) expect((await ask(port(), HOST, { agent })).body).toBe('hello');
    agent.destroy();
    expect(endpoint.received).toHaveLength(5);
  });

  it.each([
    ['204', 'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison', 'GET'],
    ['304', 'HTTP/1.1 304 Not Modified\r\n\r\npoison', 'GET'],
    ['to HEAD', `${OK}Content-Length: 6\r\n\r\npoison`, 'HEAD'],
  ])('sends a body with %s, which nobody gets', async (_, answer, method) => {
    await start(answeringEach(answer));
    for (let round = 0; round < 3; round++) {
      const text = await exchange(
        port(),
        `${method} / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
        () => false,
      );
      expect(text).toMatch(/^HTTP\/1\.1 (200|204|304) [^]*\r\n\r\n$/);
    }
  });

  it('is given up when it does not answer, or does not take what it is sent', async () => {
    await start(answering(''));
    const silent = ask(port(), HOST, { method: 'POST' });
    const deaf = await RawEndpoint.start(gateway().hostAddress, (socket) => void socket.pause());
    closers.push(() => deaf.close());
    await gateway().change({ 'deaf.localhost': routeTo([deaf.address], { proxy: { readTimeout: 1 } }) });
    const head = 'POST / HTTP/1.1\r\nHost: deaf.localhost\r\nContent-Length: 20000000\r\n\r\n';
    const sent = exchange(port(), head + 'x'.repeat(20_000_000));
    expect((await silent).status).toBe(504);
    expect(await sent).toMatch(/^HTTP\/1\.1 504 /);
  });

  it('may take its time for each byte', async () => {
    const drip = (socket: Socket): void => {
      const bytes = `${OK}Content-Length: 5\r\n\r\nhello`;
      let sent = 0;
      const timer = setInterval(() => {
        socket.write(bytes.charAt(sent++));
        if (sent === bytes.length) clearInterval(timer);
      }, 5);
      socket.on('close', () => clearInterval(timer));
    };
    const endpoint = await start(answering('', drip));
    // With the second that the others have, a busy machine would be what takes its time.
    await gateway().change({ [HOST]: routeTo([endpoint.address]) });
    expect((await ask(port(), HOST)).body).toBe('hello');
  });

  it('may refuse a body before it has come', async () => {
    const endpoint = await TestEndpoint.start(gateway().hostAddress, (_, response) => {
      response.writeHead(413);
      response.end('too much');
    });
    closers.push(() => endpoint.close());
    await gateway().change({ [HOST]: routeTo([endpoint.address]) });
    const text = await exchange(
      port(),
      `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 1000000\r\n\r\nfirst`,
      (received) => received.includes('too much'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
  });

  describe.each(['h2c', 'grpc'] as const)('of %s', (protocol) => {
    it.each([
      ['speaks HTTP/1', `${OK}Content-Length: 0\r\n\r\n`],
      ['sends bytes', '\xff'.repeat(100)],
      ['goes away at once', '\0\0\x08\x07\0\0\0\0\0' + '\0\0\0\0\0\0\0\x02'],
      ['says nothing', ''],
    ])('is answered for with 502 when it %s', async (_, answer) => {
      const endpoint = await RawEndpoint.start(
        gateway().hostAddress,
        (socket) => void socket.end(answer, 'latin1'),
      );
      closers.push(() => endpoint.close());
      await gateway().change({ [HOST]: routeTo([endpoint.address], { protocol }) });
      expect((await ask(port(), HOST, { method: 'POST' })).status).toBe(502);
    });
  });

  it('is forgotten with all of it: none of its connections stays open', async () => {
    const endpoint = await start(answering(`${OK}Content-Length: 5\r\n\r\nhello and more`));
    await ask(port(), HOST);
    await until(() => endpoint.openConnections === 0);
  });
}
