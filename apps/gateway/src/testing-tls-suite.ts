/* Only tests use this: requests through the real nginx over TLS. */
import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { readCertificate } from './certificate';
import { TestAuthority } from './testing-authority';
import { routeTo, TestEndpoint, type Seen } from './testing-endpoint';
import { TestGateway } from './testing-gateway';
import { ask } from './testing-request';
import { askOverTls, shakeHands } from './testing-tls-client';

const HOST = 'web.desk.test';

export function tlsSuite(gateway: () => TestGateway): void {
  let authority: TestAuthority;
  let ca: string;
  let endpoint: TestEndpoint;
  beforeAll(async () => {
    authority = await TestAuthority.make();
    ca = authority.certificate;
    const { certificate, key } = await authority.issue([HOST]);
    await gateway().present(readCertificate('web', certificate, key, new Date()));
    endpoint = await TestEndpoint.start(gateway().hostAddress);
  });
  afterAll(async () => {
    authority.remove();
    await endpoint.close();
  });

  const closers: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const overTls = (path = '/') => askOverTls(gateway().httpsPort, HOST, { ca, path });
  const connect = (): http2.ClientHttp2Session => {
    const session = http2.connect(`https://127.0.0.1:${gateway().httpsPort}`, { ca, servername: HOST });
    closers.push(() => session.destroy());
    return session;
  };

  it.each<[offered: string[] | undefined, chosen: string | false]>([
    [['h2', 'http/1.1'], 'h2'],
    [['http/1.1', 'h2'], 'h2'],
    [['http/1.1'], 'http/1.1'],
    [undefined, false],
  ])('speaks by ALPN, to who offers %j, %s', async (ALPNProtocols, chosen) => {
    const options = ALPNProtocols && { ALPNProtocols };
    expect((await shakeHands(gateway().httpsPort, HOST, options)).application).toBe(chosen);
  });

  it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    const hands = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      shakeHands(gateway().httpsPort, HOST, {
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
    expect((await hands('TLSv1.3')).protocol).toBe('TLSv1.3');
    expect((await hands('TLSv1.2')).protocol).toBe('TLSv1.2');
    await expect(hands('TLSv1.1')).rejects.toThrow('tlsv1 alert protocol version');
  });

  it('says to endpoints that it was HTTPS, to HTTP/1.1 and to HTTP/2', async () => {
    await gateway().serve({ [HOST]: routeTo([endpoint.address]) });
    const first = JSON.parse((await overTls()).body) as Seen;
    expect(first.headers).toMatchObject({
      'x-forwarded-proto': 'https',
      'x-forwarded-host': HOST,
      host: HOST,
    });
    const stream = connect().request({ ':path': '/over/http2', ':authority': HOST });
    let body = '';
    stream.on('data', (piece: Buffer) => (body += piece.toString()));
    await once(stream, 'end');
    const second = JSON.parse(body) as Seen;
    expect([second.url, second.headers['x-forwarded-proto'], second.headers.host]).toEqual([
      '/over/http2',
      'https',
      HOST,
    ]);
  });

  it('hands on the streams and trailers of gRPC', async () => {
    const server = http2.createServer();
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '5' }));
      stream.on('data', (piece: Buffer) => stream.write(piece));
      stream.on('end', () => stream.end());
    });
    await new Promise<void>((resolve) => server.listen(0, gateway().hostAddress, resolve));
    closers.push(() => void server.close());
    const address = `${gateway().hostAddress}:${(server.address() as AddressInfo).port}`;
    await gateway().serve({ [HOST]: routeTo([address], { protocol: 'grpc' }) });
    const stream = connect().request({
      ':method': 'POST',
      ':path': '/desk.Prices/Stream',
      ':authority': HOST,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const trailers = once(stream, 'trailers');
    stream.write('ping');
    expect(String((await once(stream, 'data'))[0])).toBe('ping');
    stream.end();
    expect((await trailers)[0]).toMatchObject({ 'grpc-status': '5' });
  });

  it('sends plain HTTP to HTTPS where the route says so, before its body comes', async () => {
    await gateway().serve({
      [HOST]: routeTo([endpoint.address], { proxy: { redirect: 'https', path: '/api' } }),
      'plain.desk.test': routeTo([endpoint.address]),
    });
    const { httpPort } = gateway();
    for (const host of [HOST, 'WEB.desk.test:8080', `${HOST}.`]) {
      const options = { method: 'POST', path: '/api/a%2fb?c=%20', headers: { Expect: '100-continue' } };
      const { status, headers } = await ask(httpPort, host, options);
      expect([host, status, headers.location]).toEqual([host, 308, `https://${HOST}/api/a%2fb?c=%20`]);
    }
    expect((await ask(httpPort, 'plain.desk.test')).status).toBe(200);
    expect((await overTls('/api')).status).toBe(200);
  });

  it('says where HTTPS is when that is not at port 443', async () => {
    const other = await TestGateway.start(gateway().image, { HTTPS_PORT: '8443' });
    closers.push(() => other.remove());
    await other.serve({ [HOST]: routeTo([endpoint.address], { proxy: { redirect: 'https' } }) });
    const { headers } = await ask(other.httpPort, HOST, { path: '/x' });
    expect(headers.location).toBe(`https://${HOST}:8443/x`);
  });

  it('tells browsers to keep to HTTPS where the route says so, over HTTPS, also when it refuses', async () => {
    const header = 'strict-transport-security';
    const saying = await TestEndpoint.start(gateway().hostAddress, (_, response) => {
      response.setHeader(header, 'max-age=1; includeSubDomains');
      response.end();
    });
    const proxy = { hsts: 3600, path: '/api' };
    closers.push(() => saying.close());
    await gateway().serve({ [HOST]: routeTo([endpoint.address], { proxy }) });
    expect((await overTls('/api')).headers[header]).toBe('max-age=3600');
    expect((await overTls('/other')).headers[header]).toBe('max-age=3600');
    expect((await ask(gateway().httpPort, HOST, { path: '/api' })).headers[header]).toBeUndefined();
    await gateway().serve({ [HOST]: routeTo([saying.address], { proxy }) });
    expect((await overTls('/api')).headers[header]).toBe('max-age=1; includeSubDomains');
    await gateway().serve({ [HOST]: routeTo([endpoint.address], { proxy: { hsts: 0 } }) });
    expect((await overTls()).headers[header]).toBe('max-age=0');
    await gateway().serve({ [HOST]: routeTo([endpoint.address]) });
    expect((await overTls()).headers[header]).toBeUndefined();
  });
}
