/* Only tests use this: the rules of HTTP/2, as the gateway keeps them and as plain nginx does. */
import type { TestGateway } from './testing-gateway';
import { h2spec, type Http2Report } from './testing-h2spec';
import type { PlainNginx } from './testing-plain-nginx';
import { exchangeHttp2, fieldsFor } from './testing-raw-http2';

const INVALID_PREFACE = 'http2/3.5: Sends invalid connection preface';

/** What nginx 1.26.3 itself does otherwise than h2spec expects. docs/guide states it. */
export const PLAIN_NGINX_FAILS = [
  'generic/4: Sends a POST request with trailers',
  'hpack/4.2: Sends a dynamic table size update at the end of header block',
  'hpack/5.2: Sends a Huffman-encoded string literal representation with padding longer than 7 bits',
  INVALID_PREFACE,
  'http2/4.2: Sends a large size DATA frame that exceeds the SETTINGS_MAX_FRAME_SIZE',
  'http2/4.2: Sends a large size HEADERS frame that exceeds the SETTINGS_MAX_FRAME_SIZE',
  'http2/5.1: closed: Sends a DATA frame',
  'http2/5.1: closed: Sends a DATA frame after sending RST_STREAM frame',
  'http2/5.1: idle: Sends a DATA frame',
  'http2/5.1: idle: Sends a RST_STREAM frame',
  'http2/5.1: idle: Sends a WINDOW_UPDATE frame',
  'http2/6.4: Sends a RST_STREAM frame on a idle stream',
  'http2/8.1.2.1: Sends a HEADERS frame that contains a pseudo-header field that appears in a header block after a regular header field',
  'http2/8.1.2.1: Sends a HEADERS frame that contains a unknown pseudo-header field',
  'http2/8.1.2.1: Sends a HEADERS frame that contains the pseudo-header field defined for response',
  'http2/8.1.2.2: Sends a HEADERS frame that contains the TE header field with any value other than "trailers"',
  'http2/8.1.2.2: Sends a HEADERS frame that contains the connection-specific header field',
  'http2/8.1.2.3: Sends a HEADERS frame that omits ":method" pseudo-header field',
  'http2/8.1.2.3: Sends a HEADERS frame that omits ":path" pseudo-header field',
  'http2/8.1.2.3: Sends a HEADERS frame that omits ":scheme" pseudo-header field',
  'http2/8.1.2.3: Sends a HEADERS frame with duplicated ":method" pseudo-header field',
  'http2/8.1.2.3: Sends a HEADERS frame with duplicated ":path" pseudo-header field',
  'http2/8.1.2.3: Sends a HEADERS frame with duplicated ":scheme" pseudo-header field',
  'http2/8.1.2.3: Sends a HEADERS frame with empty ":path" pseudo-header field',
  'http2/8.1.2.6: Sends a HEADERS frame with the "content-length" header field which does not equal the DATA frame payload length',
  'http2/8.1.2.6: Sends a HEADERS frame with the "content-length" header field which does not equal the sum of the multiple DATA frames payload length',
  'http2/8.1.2: Sends a HEADERS frame that contains the header field name in uppercase letters',
];

/** Where ALPN has chosen HTTP/2, what begins otherwise is no HTTP/1 either. */
const PLAIN_NGINX_FAILS_OVER_TLS = PLAIN_NGINX_FAILS.filter((name) => name !== INVALID_PREFACE);

/**
 * In place of 2^14 octets h2spec sends as many as a frame may have, 16 MB for nginx, whatever the window. The gateway,
 * which holds no body back and so has a window of 64 kB, refuses them as it should (RFC 9113, 6.9.1), unless its answer
 * came first: h2spec takes about as long to fill the frame as the endpoint takes to answer. The test below asks for it.
 */
const DISREGARDS_THE_WINDOW = 'http2/4.2: Sends a DATA frame with 2^14 octets in length';

/** What h2spec says of the gateway and of plain nginx, in the clear and over TLS. */
export interface Http2Reports {
  inTheClear: [gateway: Http2Report, plain: Http2Report];
  overTls: [gateway: Http2Report, plain: Http2Report];
}

export async function http2Reports(gateway: TestGateway, plain: PlainNginx): Promise<Http2Reports> {
  const both = ({ httpPort, httpsPort }: TestGateway | PlainNginx) =>
    Promise.all([
      h2spec(httpPort, PLAIN_NGINX_FAILS),
      h2spec(httpsPort, PLAIN_NGINX_FAILS_OVER_TLS, { tls: true }),
    ]);
  const [ours, theirs] = await Promise.all([both(gateway), both(plain)]);
  return { inTheClear: [ours[0], theirs[0]], overTls: [ours[1], theirs[1]] };
}

export function http2Suite(
  servers: () => readonly (TestGateway | PlainNginx)[],
  reports: () => Promise<Http2Reports>,
): void {
  it.each([
    ['in the clear', 'inTheClear', PLAIN_NGINX_FAILS],
    ['over TLS', 'overTls', PLAIN_NGINX_FAILS_OVER_TLS],
  ] as const)(
    'keeps every rule of HTTP/2 that plain nginx keeps, %s',
    async (_, how, fails) => {
      const [gateway, plain] = (await reports())[how];
      expect([gateway.cases, plain.cases]).toEqual([145, 145]);
      const known = [...plain.failed, DISREGARDS_THE_WINDOW];
      expect(gateway.failed.filter((name) => !known.includes(name))).toEqual([]);
      expect(plain.failed).toEqual(fails);
    },
    120_000,
  );

  it('reads a frame of 2^14 octets, as plain nginx does', async () => {
    const send = ({ httpPort }: TestGateway | PlainNginx) =>
      exchangeHttp2(httpPort, fieldsFor('127.0.0.1'), 'x'.repeat(2 ** 14));
    expect(await Promise.all(servers().map(send))).toEqual([200, 200]);
  });

  it('ends a stream whose client sends more than the window has room for', async () => {
    const [gateway] = servers();
    const body = 'x'.repeat(2 ** 17);
    expect(await exchangeHttp2(gateway!.httpPort, fieldsFor('127.0.0.1'), body)).toBe('ended');
  });
}
