/* Only tests use this: clients that mean harm in the handshake, and certificates that do. */
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { readCertificate, type Certificate } from './certificate';
import { TestAuthority, type KeyPair } from './testing-authority';
import { routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import {
  applicationProtocols,
  clientHello,
  extension,
  helloAnswer,
  serverName,
  vector,
} from './testing-raw-tls';
import { askOverTls, shakeHands } from './testing-tls-client';

const WEB = 'web.hostile.test';
const BLOTTER = 'blotter.hostile.test';

/** Alerts of TLS (RFC 8446, 6.2). */
const UNEXPECTED_MESSAGE = 10;
const RECORD_OVERFLOW = 22;
const HANDSHAKE_FAILURE = 40;
const ILLEGAL_PARAMETER = 47;
const DECODE_ERROR = 50;
const PROTOCOL_VERSION = 70;
const UNRECOGNIZED_NAME = 112;
const NO_APPLICATION_PROTOCOL = 120;

export function hostileTlsSuite(gateway: () => TestGateway): void {
  let authority: TestAuthority;
  let pairs: Record<'first' | 'wildcard' | 'web', KeyPair>;
  const endpoints: TestEndpoint[] = [];
  const closers: (() => unknown)[] = [];

  const certificate = (name: keyof typeof pairs): Certificate =>
    readCertificate(name, pairs[name].certificate, pairs[name].key, new Date());
  const presentAll = () =>
    gateway().present(certificate('first'), certificate('wildcard'), certificate('web'));

  beforeAll(async () => {
    authority = await TestAuthority.make();
    pairs = {
      first: await authority.issue(['first.test']),
      wildcard: await authority.issue(['*.hostile.test']),
      web: await authority.issue([WEB]),
    };
    for (const name of [WEB, BLOTTER])
      endpoints.push(await TestEndpoint.start(gateway().hostAddress, (_, response) => response.end(name)));
    const [web, blotter] = endpoints.map(({ address }) => routeTo([address]));
    await gateway().change({ [WEB]: web!, [BLOTTER]: blotter! });
    await presentAll();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  afterAll(async () => {
    authority?.remove();
    for (const endpoint of endpoints) await endpoint.close();
  });

  /** The name of the certificate that comes, or an alert. */
  const answerTo = async (hello: Buffer): Promise<string | number | undefined> => {
    const answer = await helloAnswer(gateway().httpsPort, hello);
    const name = Object.entries(pairs).find((entry) => entry[1].certificate === answer)?.[0];
    return name ?? answer;
  };
  const answers = async (hellos: Readonly<Record<string, Buffer>>) =>
    Object.fromEntries(
      await Promise.all(Object.entries(hellos).map(async ([what, hello]) => [what, await answerTo(hello)])),
    );

  it.each<[what: string, name: string | Buffer, answer: string | number]>([
    ['in capitals', 'WEB.Hostile.TEST', 'web'],
    ['with a dot at its end', `${WEB}.`, 'web'],
    ['with two of them', `${WEB}..`, 'first'],
    ['of a wildcard', '*.hostile.test', 'wildcard'],
    ['of two wildcards', '*.*.test', 'first'],
    ['of a wildcard alone', '*', 'first'],
    ['of a dot', '.', 'first'],
    ['with nothing before its dot', '.hostile.test', 'wildcard'],
    ['that is an address', '127.0.0.1', 'first'],
    ['that is an address of IPv6', '[::1]', 'first'],
    ['with a port', `${WEB}:443`, 'first'],
    ['of 255 bytes', 'a'.repeat(255), 'first'],
    ['of 256 bytes', 'a'.repeat(256), UNRECOGNIZED_NAME],
    ['of 8,000 bytes', 'a'.repeat(8000), UNRECOGNIZED_NAME],
    ['of none', '', 'first'],
    ['with a zero byte', `${WEB}\0.first.test`, UNRECOGNIZED_NAME],
    ['with line ends', 'web\r\nX-Y: z.hostile.test', 'wildcard'],
    ['in no known letters', Buffer.from('fffe', 'hex'), 'first'],
    ['that only looks alike', 'wéb.hostile.test', 'wildcard'],
  ])('takes a name %s as what it is', async (_, name, answer) => {
    expect(await answerTo(clientHello([serverName(name)]))).toBe(answer);
  });

  it('refuses what is no list of names, or of protocols', async () => {
    expect(
      await answers({
        'two names': clientHello([serverName(WEB, BLOTTER)]),
        'a name of another kind': clientHello([extension(0, vector(2, Buffer.of(1), vector(2, WEB)))]),
        'an empty list': clientHello([extension(0, vector(2))]),
        'a list that is cut': clientHello([extension(0, Buffer.of(0, 50, 0))]),
        'two lists': clientHello([serverName(WEB), serverName(BLOTTER)]),
        'no protocol': clientHello([applicationProtocols()]),
        'a protocol without a name': clientHello([applicationProtocols('')]),
        'unknown protocols': clientHello([applicationProtocols('spdy/3', 'h2\0', 'x'.repeat(255))]),
        'an unknown protocol before a known one': clientHello([applicationProtocols('spdy/3', 'h2')]),
      }),
    ).toEqual({
      'two names': DECODE_ERROR,
      'a name of another kind': DECODE_ERROR,
      'an empty list': DECODE_ERROR,
      'a list that is cut': DECODE_ERROR,
      'two lists': ILLEGAL_PARAMETER,
      'no protocol': DECODE_ERROR,
      'a protocol without a name': DECODE_ERROR,
      'unknown protocols': NO_APPLICATION_PROTOCOL,
      'an unknown protocol before a known one': 'first',
    });
  });

  it('refuses old versions, and suites without forward secrecy or authentication', async () => {
    const version = (number: number) => clientHello([], { version: number });
    const suite = (number: number) => clientHello([], { suites: [number] });
    expect(
      await answers({
        'SSL 2': Buffer.from(`802e0100020015000000100100800700c0${'00'.repeat(31)}`, 'hex'),
        'SSL 3': version(0x0300),
        'TLS 1.0': version(0x0301),
        'TLS 1.1': version(0x0302),
        'a version to come': version(0x0399),
        'no encryption': suite(0x0002),
        RC4: suite(0x0005),
        '3DES': suite(0x000a),
        'AES, key by RSA': suite(0x009c),
        'AES in CBC': suite(0xc023),
        'nobody behind it': suite(0xc018),
        'only what signals': suite(0x00ff),
        'no suite that anyone knows': suite(0xfafa),
        '7,000 suites': clientHello([], { suites: [...Array<number>(7000).fill(0xfafa), 0xc02b] }),
      }),
    ).toEqual({
      'SSL 2': PROTOCOL_VERSION,
      'SSL 3': HANDSHAKE_FAILURE,
      'TLS 1.0': PROTOCOL_VERSION,
      'TLS 1.1': PROTOCOL_VERSION,
      'a version to come': 'first',
      'no encryption': HANDSHAKE_FAILURE,
      RC4: HANDSHAKE_FAILURE,
      '3DES': HANDSHAKE_FAILURE,
      'AES, key by RSA': HANDSHAKE_FAILURE,
      'AES in CBC': HANDSHAKE_FAILURE,
      'nobody behind it': HANDSHAKE_FAILURE,
      'only what signals': HANDSHAKE_FAILURE,
      'no suite that anyone knows': HANDSHAKE_FAILURE,
      '7,000 suites': 'first',
    });
  });

  it('ends what is no handshake', async () => {
    const record = (type: number, bytes: Buffer) =>
      Buffer.concat([Buffer.of(type, 3, 3), Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
    expect(
      await answers({
        'a request in the clear': Buffer.from(`GET / HTTP/1.1\r\nHost: ${WEB}\r\n\r\n`),
        zeros: Buffer.alloc(400),
        'a record that is too large': record(22, Buffer.alloc(0x4801)),
        'a message of 16 MB': record(22, Buffer.concat([Buffer.of(1, 255, 255, 255), Buffer.alloc(0x3ff0)])),
        'the last message first': record(22, Buffer.of(20, 0, 0, 0)),
        'data first': record(23, Buffer.of(1, 2, 3)),
      }),
    ).toEqual({
      // With a page before it, in the clear too.
      'a request in the clear': 'closed',
      zeros: 'closed',
      'a record that is too large': RECORD_OVERFLOW,
      'a message of 16 MB': ILLEGAL_PARAMETER,
      'the last message first': UNEXPECTED_MESSAGE,
      'data first': 'closed',
    });
  });

  it('serves the host of the request, whatever the handshake was for', async () => {
    const ca = authority.certificate;
    for (const [host, status, body] of [
      [WEB, 200, WEB],
      [BLOTTER, 200, BLOTTER],
      ['nobody.hostile.test', 404, undefined],
    ] as const) {
      const answer = await askOverTls(gateway().httpsPort, host, { ca, servername: WEB });
      expect([host, answer.status]).toEqual([host, status]);
      if (body) expect(answer.body).toBe(body);
    }
    // A client that has a connection for a wildcard asks for all of its hosts over it (RFC 9113, 9.1.1).
    const session = http2.connect(`https://127.0.0.1:${gateway().httpsPort}`, { ca, servername: BLOTTER });
    closers.push(() => session.destroy());
    const over = async (authority: string): Promise<[unknown, string]> => {
      const stream = session.request({ ':path': '/', ':authority': authority });
      const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
      let body = '';
      for await (const piece of stream) body += String(piece);
      return [headers[':status'], body];
    };
    expect(await Promise.all([over(WEB), over(BLOTTER)])).toEqual([
      [200, WEB],
      [200, BLOTTER],
    ]);
    expect((await over('nobody.hostile.test'))[0]).toBe(404);
  });

  it('does not negotiate again', async () => {
    const socket = tls.connect({
      host: '127.0.0.1',
      port: gateway().httpsPort,
      servername: WEB,
      ca: authority.certificate,
      maxVersion: 'TLSv1.2',
    });
    closers.push(() => socket.destroy());
    await once(socket, 'secureConnect');
    const failed = once(socket, 'error');
    socket.renegotiate({}, () => undefined);
    expect((await failed)[0]).toMatchObject({ code: 'ERR_SSL_NO_RENEGOTIATION' });
  });

  it('goes on when thousands begin a handshake and leave, or stay and say nothing more', async () => {
    const hello = clientHello([serverName(WEB)]);
    const stay: net.Socket[] = [];
    closers.push(() => stay.forEach((socket) => socket.destroy()));
    for (let begun = 0; begun < 2000; begun += 200) {
      const answered = Array.from({ length: 100 }, () => answerTo(hello));
      stay.push(...Array.from({ length: 100 }, () => staying(hello)));
      expect(new Set(await Promise.all(answered))).toEqual(new Set(['web']));
    }
    expect((await askOverTls(gateway().httpsPort, WEB, { ca: authority.certificate })).status).toBe(200);
  });

  describe('a certificate that nobody can be given hurts no other:', () => {
    it.each<[what: string, hostile: () => Promise<Partial<Certificate>>]>([
      ['with the key of another one', async () => ({ key: (await authority.issue(['x.test'])).key })],
      ['of 512 bits', () => authority.issue([WEB], ['rsa:512'])],
      [
        'on a curve that no client knows',
        () => authority.issue([WEB], ['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1']),
      ],
      [
        'with a chain of 700',
        async () => ({ certificate: pairs.web.certificate + authority.certificate.repeat(700) }),
      ],
    ])('%s', async (_, hostile) => {
      closers.push(presentAll);
      await gateway().present(certificate('first'), certificate('wildcard'), {
        ...certificate('web'),
        ...(await hostile()),
      });
      await expect(shakeHands(gateway().httpsPort, WEB)).rejects.toThrow();
      const presented = async (host: string) => (await shakeHands(gateway().httpsPort, host)).certificate;
      expect(await presented(BLOTTER)).toBe(pairs.wildcard.certificate);
      expect(await presented('first.test')).toBe(pairs.first.certificate);
    });
  });

  function staying(hello: Buffer): net.Socket {
    const socket = net.connect(gateway().httpsPort, '127.0.0.1', () => socket.write(hello));
    socket.on('error', () => undefined).resume();
    return socket;
  }
}
