/* Only tests use this: bodies of which nothing comes for a time, at a gateway that has less patience than ours. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { routeTo, TestEndpoint } from './testing-endpoint';
import { TestGateway } from './testing-gateway';
import { exchange } from './testing-request';

const HOST = 'upload.localhost';
const STREAM = 'stream.localhost';
const PATIENT = 'patient.localhost';
/** Its patience, and longer than that. */
const SECONDS = 2;
const LONGER_MS = 2 * SECONDS * 1000;
/** More than all buffers between a client and an endpoint hold. */
const LARGE = Buffer.alloc(32 * 1024 * 1024);

/** forward.conf with little patience. */
function impatientConfiguration(): string {
  const text = readFileSync(join(__dirname, '../nginx/forward.conf'), 'utf8');
  const shorter = text.replace('client_body_timeout 60s;', `client_body_timeout ${SECONDS}s;`);
  if (shorter === text) throw new Error('forward.conf has no client_body_timeout of 60 seconds');
  return shorter;
}

export function stoppedBodiesSuite(gateway: () => TestGateway): void {
  let impatient: TestGateway;
  let endpoint: TestEndpoint;
  const streaming = http2.createServer();
  beforeAll(async () => {
    impatient = await TestGateway.start(gateway().image, {}, { 'forward.conf': impatientConfiguration() });
    endpoint = await TestEndpoint.start(impatient.hostAddress, (request, response) => {
      request.on('error', () => undefined).on('end', () => response.end('taken'));
      if (request.url === '/later') setTimeout(() => request.resume(), LONGER_MS);
      else request.resume();
    });
    streaming.on('stream', (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.on('error', () => undefined).pipe(stream);
    });
    await new Promise<void>((resolve) => streaming.listen(0, impatient.hostAddress, resolve));
    const { port } = streaming.address() as AddressInfo;
    await impatient.serve({
      [HOST]: routeTo([endpoint.address]),
      [PATIENT]: routeTo([endpoint.address], { proxy: { readTimeout: 61 } }),
      [STREAM]: routeTo([`${impatient.hostAddress}:${port}`], { protocol: 'grpc' }),
    });
  });
  afterAll(async () => {
    await impatient?.remove();
    await endpoint?.close();
    streaming.close();
  });

  const connect = (): http2.ClientHttp2Session =>
    http2.connect(`http://127.0.0.1:${impatient.httpPort}`).on('error', () => undefined);
  const post = (session: http2.ClientHttp2Session, host: string, path = '/') =>
    session.request({ ':method': 'POST', ':path': path, ':authority': host }).on('error', () => undefined);

  async function stopped(): Promise<string> {
    const head = `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 10\r\n\r\n`;
    return exchange(impatient.httpPort, `${head}12345`);
  }

  async function stoppedOverHttp2(): Promise<number | undefined> {
    const session = connect();
    const stream = post(session, HOST);
    stream.write('12345');
    await new Promise((resolve) => stream.once('close', resolve));
    session.destroy();
    return stream.rstCode;
  }

  /** What comes back of a stream of gRPC before it is silent, and after. */
  async function silent(): Promise<string[]> {
    const session = connect();
    const stream = post(session, STREAM);
    const echoed: string[] = [];
    for (const piece of ['before', 'after']) {
      stream.write(piece);
      echoed.push(String((await once(stream, 'data'))[0]));
      if (piece === 'before') await delay(LONGER_MS);
    }
    session.destroy();
    return echoed;
  }

  /** The status of a body that takes longer than the gateway waits for a piece of it. */
  function uploaded(path: string, write: (request: http.ClientRequest) => unknown): Promise<number> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: impatient.httpPort, path, method: 'POST', agent: false };
      const request = http.request({ ...options, headers: { host: HOST } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      request.on('error', reject);
      write(request);
    });
  }

  async function drip(request: http.ClientRequest): Promise<void> {
    for (const end = Date.now() + LONGER_MS; Date.now() < end; await delay(100)) request.write('.');
    request.end();
  }

  async function uploadedOverHttp2(): Promise<unknown> {
    const session = connect();
    const stream = post(session, PATIENT, '/later');
    stream.end(LARGE);
    const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
    session.destroy();
    return headers[':status'];
  }

  it('ends a request of whose body nothing comes for too long; no stream, and no body that only takes its time', async () => {
    const [overHttp1, overHttp2, ...others] = await Promise.all([
      stopped(),
      stoppedOverHttp2(),
      silent(),
      uploaded('/', drip),
      // An endpoint that does not take what comes is no fault of the client's.
      uploaded('/later', (request) => request.end(LARGE)),
      uploadedOverHttp2(),
    ]);
    expect([overHttp1, overHttp2]).toEqual(['', http2.constants.NGHTTP2_PROTOCOL_ERROR]);
    expect(others).toEqual([['before', 'after'], 200, 200, 200]);
  });
}
