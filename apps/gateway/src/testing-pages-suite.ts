/* Only tests use this: what the real nginx answers itself, to browsers, to programs and to gRPC. */
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import { refusedAddress, routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { ask, exchange } from './testing-request';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

export function pagesSuite(gateway: () => TestGateway): void {
  const closers: (() => Promise<unknown> | void)[] = [];
  const start = async (listener?: http.RequestListener): Promise<TestEndpoint> => {
    const endpoint = await TestEndpoint.start(gateway().hostAddress, listener);
    closers.push(() => endpoint.close());
    return endpoint;
  };
  let away: string;
  beforeAll(async () => (away = await refusedAddress(gateway().hostAddress)));
  beforeEach(() =>
    gateway().serve({
      'empty.localhost': routeTo([]),
      'away.localhost': routeTo([away]),
      'small.localhost': routeTo([away], { proxy: { bodySize: '1k', path: '/api' } }),
    }),
  );
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const port = () => gateway().httpPort;
  const open = (host: string, accept: string, method = 'GET') =>
    ask(port(), host, { method, headers: { accept } });

  const service = 'the service web in the environment staging';
  const answers: [host: string, status: number, text: string][] = [
    ['nobody.localhost', 404, 'No service has this host.'],
    ['small.localhost', 404, 'The service web in the environment staging does not publish this path.'],
    ['empty.localhost', 503, `No endpoint of ${service} is ready.`],
    ['away.localhost', 502, `No endpoint of ${service} gave an answer.`],
  ];

  it.each(answers)('are HTML for browsers: %s', async (host, status, text) => {
    const answer = await open(host, BROWSER);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(answer.body).toContain(`<p>${text}</p>`);
    expect(answer.body).toContain(`${status} ${host}`);
    expect(answer.body).not.toMatch(/\{\{|<script|src=|href=|url\(/);
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src /);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
  });

  it.each(answers)('are one line for everybody else: %s', async (host, status, text) => {
    for (const accept of ['*/*', '', 'application/json', 'text/*', 'text/ html', `x/${'y'.repeat(8000)}`]) {
      const answer = await open(host, accept);
      expect([accept, answer.status, answer.body]).toEqual([accept, status, `${text}\n`]);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('hold nothing of a request that a browser could take for HTML', async () => {
    const host = `<b>"x'&amp;.localhost`;
    const answer = await open(host, BROWSER);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('<b>');
    expect(answer.body).toContain('404 &lt;b&gt;&quot;x&#39;&amp;amp;.localhost');
    expect((await open(host, 'text/plain')).body).toBe('No service has this host.\n');
  });

  it('have no body when only the head is asked for', async () => {
    const { status, headers, body } = await open('empty.localhost', BROWSER, 'HEAD');
    expect([status, Number(headers['content-length']) > 500, body]).toEqual([503, true, '']);
  });

  it('say what is wrong with a body', async () => {
    const send = async (headers: http.OutgoingHttpHeaders) =>
      (
        await ask(port(), 'small.localhost', {
          method: 'POST',
          path: '/api',
          body: 'x'.repeat(2000),
          headers,
        })
      ).body;
    expect(await send({})).toBe(`The body is larger than ${service} takes.\n`);
    expect(await send({ 'transfer-encoding': 'chunked' })).toMatch(/ must come with its Content-Length\.\n$/);
  });

  it('say that an endpoint took too long', async () => {
    const { address } = await start(() => undefined);
    await gateway().serve({ 'slow.localhost': routeTo([address], { proxy: { readTimeout: 1 } }) });
    const answer = await open('slow.localhost', BROWSER, 'POST');
    expect(answer.status).toBe(504);
    expect(answer.body).toContain(`<p>No endpoint of ${service} gave an answer in time.</p>`);
  });

  it('never take the place of what an endpoint answers', async () => {
    const { address } = await start((request, response) => {
      response.writeHead(Number(request.url!.slice(1)), { 'content-type': 'text/x-own' });
      response.end('its own');
    });
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    for (const status of [404, 411, 413, 500, 502, 503, 504]) {
      const path = `/${status}`;
      const answer = await ask(port(), 'web.localhost', { path, headers: { accept: BROWSER } });
      expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([
        status,
        'text/x-own',
        'its own',
      ]);
    }
  });

  it.each(['nobody.localhost', 'empty.localhost'])(
    'leave nothing of a body to be taken for the next request: %s',
    async (host) => {
      const endpoint = await start();
      await gateway().change({ 'web.localhost': routeTo([endpoint.address]) });
      const body = 'GET /smuggled HTTP/1.1\r\nHost: web.localhost\r\n\r\n';
      const text = await exchange(
        port(),
        `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
          'GET /next HTTP/1.1\r\nHost: web.localhost\r\nConnection: close\r\n\r\n',
        () => false,
      );
      expect(text.match(/^HTTP\/1\.1 \d+/gm)).toHaveLength(2);
      expect(endpoint.seen.map(({ url }) => url)).toEqual(['/next']);
    },
  );

  it.each([
    ['nobody.localhost', '12'],
    ['empty.localhost', '14'],
    ['away.localhost', '14'],
  ])('are a status for gRPC: %s', async (host, status) => {
    const session = http2.connect(`http://127.0.0.1:${port()}`);
    closers.push(() => session.destroy());
    const stream = session.request(
      {
        ':method': 'POST',
        ':path': '/desk.Prices/Stream',
        ':authority': host,
        'content-type': 'application/grpc+proto',
        te: 'trailers',
        accept: BROWSER,
      },
      { endStream: false },
    );
    const [headers, flags] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders, number];
    expect(headers).toMatchObject({
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': status,
      'grpc-message': expect.stringMatching(/^No /),
    });
    // A client takes headers for trailers only when nothing follows.
    expect(flags & http2.constants.NGHTTP2_FLAG_END_STREAM).toBeTruthy();
  });

  it('are what other callers get for gRPC on the web', async () => {
    const headers = { 'content-type': 'application/grpc-web' };
    expect((await ask(port(), 'empty.localhost', { method: 'POST', headers })).status).toBe(503);
  });
}
