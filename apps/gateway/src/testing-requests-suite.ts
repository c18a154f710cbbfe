/* Only tests use this: single requests through the real nginx. */
import http from 'node:http';
import { asidePlace } from './testing-aside-place';
import { refusedAddress, routeTo, TestEndpoint, type Seen } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { ask, exchange } from './testing-request';
import { until } from './testing-until';

export function requestsSuite(gateway: () => TestGateway): void {
  const endpoints: TestEndpoint[] = [];
  const start = async (listener?: http.RequestListener): Promise<TestEndpoint> => {
    const endpoint = await TestEndpoint.start(gateway().hostAddress, listener);
    endpoints.push(endpoint);
    return endpoint;
  };
  afterEach(async () => {
    await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
  });

  const port = () => gateway().httpPort;
  const seenThrough = async (...args: Parameters<typeof ask>): Promise<Seen> =>
    JSON.parse((await ask(...args)).body) as Seen;

  it('answers a host that nobody has with 404 before its body comes', async () => {
    await gateway().serve({});
    const head = 'POST / HTTP/1.1\r\nHost: nobody.localhost\r\nContent-Length: 1000000000\r\n';
    expect(await exchange(port(), `${head}\r\n`)).toMatch(/^HTTP\/1\.1 404 /);
    const waiting = await exchange(port(), `${head}Expect: 100-continue\r\n\r\n`);
    expect(waiting).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('knows a host however it is written, and hands it on in one way, with its port', async () => {
    const { address } = await start();
    await gateway().serve({ 'web-staging.localhost': routeTo([address]) });
    for (const [written, handedOn] of [
      ['web-staging.localhost', 'web-staging.localhost'],
      ['WEB-Staging.LocalHost', 'web-staging.localhost'],
      ['web-staging.localhost.', 'web-staging.localhost'],
      ['web-staging.localhost:8080', 'web-staging.localhost:8080'],
      ['Web-staging.localhost.:80', 'web-staging.localhost:80'],
    ] as const) {
      const seen = await seenThrough(port(), written);
      expect([written, seen.headers.host, seen.headers['x-forwarded-host']]).toEqual([
        written,
        handedOn,
        handedOn,
      ]);
    }
    for (const other of ['xweb-staging.localhost', 'web-staging.localhost.evil', 'staging.localhost', '0']) {
      expect([other, (await ask(port(), other)).status]).toEqual([other, 404]);
    }
  });

  it('goes by the host of the request line where there are two, and refuses two Hosts', async () => {
    const { address } = await start();
    await gateway().serve({ 'a.localhost': routeTo([address]) });
    const absolute = await exchange(
      port(),
      'GET http://a.localhost/x HTTP/1.1\r\nHost: b.localhost\r\nConnection: close\r\n\r\n',
      (received) => received.endsWith('}'),
    );
    expect(absolute).toContain('"host":"a.localhost"');
    const two = await exchange(port(), 'GET / HTTP/1.1\r\nHost: a.localhost\r\nHost: b.localhost\r\n\r\n');
    expect(two).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('answers a known host that has no endpoint with 503 and when to come again', async () => {
    await gateway().serve({ 'web.localhost': routeTo([]) });
    const { status, headers } = await ask(port(), 'web.localhost', { method: 'POST', body: 'x' });
    expect([status, headers['retry-after']]).toEqual([503, '1']);
  });

  it('hands on what was asked, byte for byte', async () => {
    const { address } = await start();
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const path = '/a//b/%2e%2E/c%2fd/../e?x=%20&y=1+2';
    const body = 'ä'.repeat(70_000);
    expect(await seenThrough(port(), 'web.localhost', { method: 'PUT', path, body })).toMatchObject({
      method: 'PUT',
      url: path,
      body,
      headers: { 'content-length': '140000' },
    });
  });

  it("leaves the endpoint's answer as it is, whatever it says to nginx", async () => {
    const { address } = await start((_, response) => {
      response.writeHead(404, { server: 'mine', 'x-accel-redirect': '/elsewhere', 'retry-after': '7' });
      response.end('not here');
    });
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const { status, headers, body } = await ask(port(), 'web.localhost');
    expect([status, headers.server, headers['retry-after'], body]).toEqual([404, 'mine', '7', 'not here']);
  });

  it('says itself where a request comes from', async () => {
    const { address } = await start();
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const lies = {
      'X-Forwarded-For': '203.0.113.9',
      'X-Forwarded-Host': 'evil',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Port': '1',
      'X-Forwarded-Prefix': '/evil',
      'X-Real-IP': '203.0.113.9',
      Forwarded: 'for=203.0.113.9',
      Proxy: 'http://evil',
    };
    const { headers } = await seenThrough(port(), 'web.localhost', {
      headers: { ...lies, Connection: 'close, X-Forwarded-For' },
    });
    const { hostAddress } = gateway();
    expect(headers).toEqual({
      host: 'web.localhost',
      traceparent: expect.any(String),
      'x-request-id': expect.any(String),
      'x-forwarded-for': hostAddress,
      'x-forwarded-host': 'web.localhost',
      'x-forwarded-proto': 'http',
      'x-real-ip': hostAddress,
    });
  });

  it('publishes a path and what is below it, in whatever way another one is written', async () => {
    const { address } = await start();
    await gateway().serve({ 'web.localhost': routeTo([address], { proxy: { path: '/api/' } }) });
    const status = async (path: string) => [path, (await ask(port(), 'web.localhost', { path })).status];
    for (const path of ['/api', '/api/', '/api/x?y=/z', '/api?x'])
      expect(await status(path)).toEqual([path, 200]);
    for (const path of [
      ...['/', '/apix', '/API', '/other?/api/', '/api/../x', '/api/%2e%2e/x', '/api/..%2fx'],
      ...['/x/..%2fapi/y', '/x/%2e%2e/api', '//api/x', '/%61pi'],
    ]) {
      expect(await status(path)).toEqual([path, 404]);
    }
  });

  it('takes bodies up to the size that the route says, and none whose size it cannot know', async () => {
    const endpoint = await start();
    await gateway().serve({
      'small.localhost': routeTo([endpoint.address], { proxy: { bodySize: '1k' } }),
      'any.localhost': routeTo([endpoint.address]),
    });
    const send = async (host: string, body: string, headers = {}) =>
      (await ask(port(), host, { method: 'POST', body, headers })).status;
    const chunked = { 'Transfer-Encoding': 'chunked' };
    expect(await send('small.localhost', 'x'.repeat(1024))).toBe(200);
    expect(await send('small.localhost', 'x'.repeat(1025))).toBe(413);
    expect(await send('small.localhost', 'x', chunked)).toBe(411);
    expect(endpoint.seen).toHaveLength(1);
    expect(await send('any.localhost', 'x'.repeat(3_000_000))).toBe(200);
    expect(await send('any.localhost', 'x'.repeat(3_000_000), chunked)).toBe(200);
  });

  it('keeps connections to an endpoint for the requests that follow', async () => {
    const endpoint = await start();
    await gateway().serve({ 'web.localhost': routeTo([endpoint.address]) });
    for (let request = 0; request < 30; request++) await ask(port(), 'web.localhost');
    expect(endpoint.seen).toHaveLength(30);
    // One for each of the two workers.
    expect(endpoint.connections).toBeLessThanOrEqual(2);
  });

  it('takes the endpoints of a route in turn', async () => {
    const found = [await start(), await start(), await start()];
    await gateway().serve({ 'web.localhost': routeTo(found.map(({ address }) => address)) });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let request = 0; request < 9; request++) await ask(port(), 'web.localhost', { agent });
    agent.destroy();
    expect(found.map(({ seen }) => seen.length)).toEqual([3, 3, 3]);
  });

  it('asks another endpoint when one cannot be reached, for every method', async () => {
    const away: string[] = [];
    for (const method of ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']) {
      const { address, seen } = await start();
      const found = [
        await refusedAddress(gateway().hostAddress),
        await refusedAddress(gateway().hostAddress),
      ];
      away.push(...found);
      await gateway().serve({ 'web.localhost': routeTo([...found, address]) });
      const options = method === 'GET' || method === 'DELETE' ? { method } : { method, body: 'trade' };
      // Each of two workers takes the three endpoints in turn.
      for (let round = 0; round < 12; round++)
        expect([method, (await ask(port(), 'web.localhost', options)).status]).toEqual([method, 200]);
      expect(seen).toHaveLength(12);
      expect(seen.every(({ body }) => body === ('body' in options ? options.body : ''))).toBe(true);
    }
    const tried = (line: string) => away.filter((address) => line.includes(`${address}, `));
    await until(
      async () => [...new Set((await gateway().logs()).flatMap(tried))],
      (found) => found.length === away.length,
    );
    const lines = (await gateway().logs()).filter((line) => tried(line).length > 0);
    for (const line of lines) expect((JSON.parse(line) as { tries: number }).tries).toBeGreaterThan(1);
  });

  it('asks each endpoint before one of them twice, also one that has the place of another that is set aside', async () => {
    const { hostAddress } = gateway();
    const { address } = await start();
    let alike: string;
    do alike = await refusedAddress(hostAddress);
    while (asidePlace(alike) !== asidePlace(address));
    await gateway().serve({ 'alike.localhost': routeTo([alike]) });
    expect((await ask(port(), 'alike.localhost')).status).toBe(502);
    await until(
      async () => (await gateway().logs()).some((line) => line.includes(`${alike} cannot be reached`)),
      (isSetAside) => isSetAside,
    );
    const away = [await refusedAddress(hostAddress), await refusedAddress(hostAddress)];
    await gateway().serve({ 'web.localhost': routeTo([...away, address]) });
    for (let round = 0; round < 12; round++) expect((await ask(port(), 'web.localhost')).status).toBe(200);
  });

  it('asks no other endpoint for what may not be done twice and has reached one, but does for the rest', async () => {
    const reached: string[] = [];
    const die: http.RequestListener = (request) => {
      reached.push(request.method!);
      request.on('data', () => undefined).on('end', () => request.socket.destroy());
    };
    const found = [await start(die), await start(die), await start(die)];
    await gateway().serve({ 'web.localhost': routeTo(found.map(({ address }) => address)) });
    const status = async (method: string, body?: string) =>
      (await ask(port(), 'web.localhost', { method, ...(body !== undefined && { body }) })).status;
    expect(await status('POST', 'trade')).toBe(502);
    expect(await status('POST')).toBe(502);
    expect(await status('PATCH', 'trade')).toBe(502);
    expect(reached).toEqual(['POST', 'POST', 'PATCH']);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      reached.length = 0;
      expect(await status(method)).toBe(502);
      expect(reached).toEqual([method, method, method]);
    }
    // Of a body that streams nginx has kept nothing to send again.
    reached.length = 0;
    expect(await status('PUT', 'trade'.repeat(100_000))).toBe(502);
    expect(reached).toEqual(['PUT']);
  });

  it("gives an endpoint the route's own time to answer", async () => {
    const { address } = await start(() => undefined);
    await gateway().serve({ 'web.localhost': routeTo([address], { proxy: { readTimeout: 1 } }) });
    const started = performance.now();
    expect((await ask(port(), 'web.localhost', { method: 'POST' })).status).toBe(504);
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('gives an endpoint the time to be reached that the route says', async () => {
    // Nobody has this address in the network of Docker's bridge, and packets to it are lost: without a limit the
    // kernel would take 3 seconds to find out.
    const nobody = gateway().hostAddress.replace(/\d+\.\d+$/, '255.254:80');
    const { address } = await start();
    await gateway().serve({ 'web.localhost': routeTo([nobody, address], { proxy: { connectTimeout: 1 } }) });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const started = performance.now();
    for (let request = 0; request < 2; request++)
      expect((await ask(port(), 'web.localhost', { agent })).status).toBe(200);
    agent.destroy();
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(performance.now() - started).toBeLessThan(2500);
  });

  it('logs a request as one line of JSON, without its query and what else may be secret', async () => {
    const { address } = await start();
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const headers = {
      authorization: 'secret',
      cookie: 'a=secret',
      'user-agent': 'secret',
      referer: 'secret',
    };
    await ask(port(), 'web.localhost', { path: '/log"ged?secret=1', headers });
    const lines = await until(
      async () => (await gateway().logs()).filter((line) => line.includes('ged')),
      (found) => found.length > 0,
    );
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      method: 'GET',
      host: 'web.localhost',
      path: '/log"ged',
      protocol: 'HTTP/1.1',
      status: 200,
      environment: 'staging',
      service: 'web',
      endpoint: address,
      endpointSeconds: expect.stringMatching(/^\d+\.\d+$/),
      tries: 1,
      trace: expect.stringMatching(/^[0-9a-f]{32}$/),
      request: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(lines[0]).not.toContain('secret');
  });

  it('logs the same of every request, whatever it says and wherever it goes', async () => {
    const { address } = await start();
    await gateway().serve({ 'web.localhost': routeTo([address]), 'empty.localhost': routeTo([]) });
    const said: [host: string, headers: Record<string, string>][] = [
      ['web.localhost', {}],
      ['web.localhost', { 'x-request-id': 'order-7' }],
      ['web.localhost', { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` }],
      ['web.localhost', { connection: 'upgrade', upgrade: 'h2c' }],
      ['empty.localhost', {}],
      ['nobody.localhost', {}],
    ];
    for (const [host, headers] of said) await ask(port(), host, { path: '/same', headers });
    const lines = await until(
      async () => (await gateway().logs()).filter((line) => line.includes('"path":"/same"')),
      (found) => found.length === said.length,
    );
    const fields = lines.map((line) => Object.keys(JSON.parse(line) as object));
    for (const found of fields) expect(found).toEqual(fields[0]);
    expect(fields[0]).toHaveLength(17);
  });

  it('logs each of many requests as a whole line, however long its path is', async () => {
    const { address } = await start();
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const paths = Array.from(
      { length: 240 },
      (_, index) => `/many-${index}-${'x'.repeat((index % 24) * 300)}`,
    );
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    await Promise.all(paths.map((path) => ask(port(), 'web.localhost', { path, agent })));
    agent.destroy();
    const lines = await until(
      async () => (await gateway().logs()).filter((line) => line.includes('/many-')),
      (found) => found.length >= paths.length,
    );
    const logged = lines.map((line) => (JSON.parse(line) as { path: string }).path);
    expect(logged.sort()).toEqual(paths.sort());
  });

  it('logs what it refuses as JSON too, also what is no request', async () => {
    await gateway().serve({ 'web.localhost': routeTo([]) });
    await ask(port(), 'web.localhost', { path: '/refused' });
    await exchange(port(), 'REFUSED /refused\r\n\r\n');
    await exchange(port(), 'GET /refused HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n');
    const lines = await until(
      async () => (await gateway().logs()).filter((line) => line.includes('"path":"/refused"')),
      (found) => found.length === 2,
    );
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { status: 503, service: 'web', destination: 'no_endpoints', tries: 0 },
      { status: 400, service: '', destination: '', tries: 0 },
    ]);
  });

  describe('passes on', () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${trace}-00f067aa0ba902b7-00`;
    let endpoint: TestEndpoint;
    beforeEach(async () => {
      endpoint = await start();
      await gateway().serve({ 'web.localhost': routeTo([endpoint.address]) });
    });

    it('the same headers of every request, whether it says an id or not', async () => {
      const namesOf = async (headers: Record<string, string>) =>
        Object.keys((await seenThrough(port(), 'web.localhost', { headers })).headers).sort();
      expect(await namesOf({})).toEqual(await namesOf({ 'x-request-id': 'order-7' }));
    });

    it('the trace and the id that a client says, and logs both', async () => {
      const headers = { traceparent, tracestate: 'a=1', 'x-request-id': 'order-7' };
      expect(
        (await seenThrough(port(), 'web.localhost', { path: '/traced', headers })).headers,
      ).toMatchObject(headers);
      const [line] = await until(
        async () => (await gateway().logs()).filter((found) => found.includes('/traced')),
        (found) => found.length > 0,
      );
      expect(JSON.parse(line!)).toMatchObject({ trace, request: 'order-7' });
    });

    it.each([
      undefined,
      '',
      traceparent.toUpperCase(),
      traceparent.replace('00-', 'ff-'),
      traceparent.replace(trace, '0'.repeat(32)),
      traceparent.replace('00f067aa0ba902b7', '0'.repeat(16)),
      `${traceparent}-01`,
      `${traceparent}, ${traceparent}`,
      'x'.repeat(5000),
    ])('a trace of its own in place of %j', async (said) => {
      const headers = { tracestate: 'a=1', ...(said !== undefined && { traceparent: said }) };
      const seen = await seenThrough(port(), 'web.localhost', { headers });
      expect(seen.headers['traceparent']).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);
      expect(seen.headers['tracestate']).toBeUndefined();
    });

    it.each([undefined, '', 'a b', 'a"b', '<a>', 'x'.repeat(129)])(
      'an id of its own in place of %j',
      async (said) => {
        const headers = said === undefined ? {} : { 'x-request-id': said };
        const seen = await seenThrough(port(), 'web.localhost', { headers });
        expect(seen.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
      },
    );
  });
}
