/* Only tests use this: the rules of HTTP/2, as the gateway keeps them and as plain nginx does. */
import type { Http2Report } from './testing-h2spec';

/** What nginx 1.26.3 itself does otherwise than h2spec expects. docs/guide states it. */
export const PLAIN_NGINX_FAILS = [
  'generic/4: Sends a POST request with trailers',
  'hpack/4.2: Sends a dynamic table size update at the end of header block',
  'hpack/5.2: Sends a Huffman-encoded string literal representation with padding longer than 7 bits',
  'http2/3.5: Sends invalid connection preface',
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

export function http2Suite(reports: () => Promise<[gateway: Http2Report, plain: Http2Report]>): void {
  it('keeps every rule of HTTP/2 that plain nginx keeps', async () => {
    const [gateway, plain] = await reports();
    expect([gateway.cases, plain.cases]).toEqual([145, 145]);
    expect(gateway.failed.filter((name) => !plain.failed.includes(name))).toEqual([]);
    expect(plain.failed).toEqual(PLAIN_NGINX_FAILS);
  }, 120_000);
}
