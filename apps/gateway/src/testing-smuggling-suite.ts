/* Only tests use this: requests that two readers may read in two ways (RFC 9112, 11.2). */
import net from 'node:net';
import { routeTo } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { answeringEach, RawEndpoint } from './testing-raw-endpoint';
import { exchangeHttp2, fieldsFor, type Field } from './testing-raw-http2';

const HOST = 'smuggle.localhost';
const SMUGGLED = `GET /smuggled HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
const AFTER = `GET /after HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;
/** A whole body in chunks, and what only another reading takes for a request. */
const ENDED = `0\r\n\r\n${SMUGGLED}`;
const HELLO = '5\r\nhello\r\n0\r\n\r\n';

const post = (headers: string, body: string): string =>
  `POST /attack HTTP/1.1\r\nHost: ${HOST}\r\n${headers}\r\n\r\n${body}`;
const chunked = (body: string): string => post('Transfer-Encoding: chunked', body);
/** With a length that fits, and another header that says otherwise. */
const against = (header: string): string => post(`Content-Length: ${ENDED.length}\r\n${header}`, ENDED);

/** Name, bytes, and the status of the refusal or the body that reaches the endpoint. */
type Attack = [name: string, bytes: string, outcome: number | { body: string }];

const LENGTH_AND_CHUNKS: Attack[] = [
  ['CL.TE', against('Transfer-Encoding: chunked'), 400],
  [
    'TE.CL',
    post(
      'Transfer-Encoding: chunked\r\nContent-Length: 4',
      `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    ),
    400,
  ],
  ['TE with a length of 0', post('Content-Length: 0\r\nTransfer-Encoding: chunked', ENDED), 400],
  [
    'TE in HTTP/1.0',
    `POST /attack HTTP/1.0\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\n\r\n${ENDED}`,
    400,
  ],
];

const OBSCURED: Attack[] = [
  ['xchunked', against('Transfer-Encoding: xchunked'), 501],
  ['identity', against('Transfer-Encoding: identity'), 501],
  ['a space before the colon', against('Transfer-Encoding : chunked'), 400],
  ['a tab before the colon', against('Transfer-Encoding\t: chunked'), 400],
  ['a tab before the value', against('Transfer-Encoding:\tchunked'), 501],
  ['a vertical tab', against('Transfer-Encoding: \x0bchunked'), 501],
  ['quotes', against('Transfer-Encoding: "chunked"'), 501],
  ['a list', against('Transfer-Encoding: chunked, identity'), 501],
  ['a list that ends in chunked', against('Transfer-Encoding: identity, chunked'), 501],
  ['a semicolon', against('Transfer-Encoding: chunked;x=y'), 501],
  ['one and another', against('Transfer-Encoding: chunked\r\nTransfer-Encoding: x'), 400],
  ['another and one', against('Transfer-Encoding: x\r\nTransfer-Encoding: chunked'), 400],
  ['twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', ENDED), 400],
  ['a NUL', against('Transfer-Encoding: chunked\0'), 400],
  ['a NUL in the name', against('Transfer-Encoding\0: chunked'), 400],
  ['a folded line', against('X: y\r\n Transfer-Encoding: chunked'), 400],
  ['a folded value', against('Transfer-Encoding:\r\n chunked'), 400],
  ['a bare CR', against('X: y\rTransfer-Encoding: chunked'), 400],
  ['a bare LF', against('X: y\nTransfer-Encoding: chunked'), 400],
  [
    'a space at the beginning',
    `POST /attack HTTP/1.1\r\n Transfer-Encoding: chunked\r\nHost: ${HOST}\r\n\r\n`,
    400,
  ],
  // Dropped, as every name with anything else than letters, digits and hyphens; so the length counts.
  ['an underscore', against('Transfer_Encoding: chunked'), { body: ENDED }],
  ['capitals', post('TRANSFER-ENCODING: CHUNKED', HELLO), { body: 'hello' }],
];

const LENGTHS: Attack[] = [
  ['two lengths', post('Content-Length: 5\r\nContent-Length: 6', 'hello!'), 400],
  ['the same length twice', post('Content-Length: 5\r\nContent-Length: 5', 'hello'), 400],
  ...[
    '5, 5',
    '5,6',
    '+5',
    '-5',
    '-0',
    '0x5',
    '5 5',
    '',
    '1e1',
    '5.0',
    '\xb5',
    '99999999999999999999',
    '\t5',
  ].map((length): Attack => [
    `the length ${JSON.stringify(length)}`,
    post(`Content-Length: ${length}`, 'hello'),
    400,
  ]),
  ['a length with spaces around it', post('Content-Length:  5  ', 'hello'), { body: 'hello' }],
  ['a length with zeros before it', post('Content-Length: 005', 'hello'), { body: 'hello' }],
];

const CHUNKS: Attack[] = [
  ...['g', '-5', '+5', '0x5', ' 5', '5g', '\t5', '', '10000000000000000', 'ffffffffffffffffff'].map(
    (size): Attack => [`the size ${JSON.stringify(size)}`, chunked(`${size}\r\nhello\r\n0\r\n\r\n`), 400],
  ),
  ['a chunk longer than its size', chunked(`3\r\nhello\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ['a chunk with nothing behind it', chunked('5\r\nhello0\r\n\r\n'), 400],
  ['a CR in an extension', chunked('5;\rx\r\nhello\r\n0\r\n\r\n'), 400],
  ['an extension', chunked('5;x="y;z"\r\nhello\r\n0\r\n\r\n'), { body: 'hello' }],
  ['a size with zeros before it', chunked('000005\r\nhello\r\n0\r\n\r\n'), { body: 'hello' }],
  ['trailers', chunked(`5\r\nhello\r\n0\r\nContent-Length: 9\r\nX: y\r\n\r\n`), { body: 'hello' }],
  // nginx takes LF for an end of line. Its own chunks have none, so whoever stands behind it reads one thing only.
  ['an LF after a size', chunked('5\nhello\r\n0\r\n\r\n'), { body: 'hello' }],
  ['an LF in an extension', chunked('5;x\nhello\r\n0\r\n\r\n'), { body: 'hello' }],
];

const LINES: Attack[] = [
  ['a NUL in the target', 'POST /attack\0 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a space in the target', 'POST /attack HTTP/1.1 x HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a tab in the request line', 'POST\t/attack HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a method in small letters', 'post /attack HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a bare CR in the request line', `POST /attack HTTP/1.1\rHost: ${HOST}\r\n\r\n`, 400],
  ['a NUL in a value', `POST /attack HTTP/1.1\r\nHost: ${HOST}\r\nX: a\0b\r\n\r\n`, 400],
  ['a header without a name', `POST /attack HTTP/1.1\r\nHost: ${HOST}\r\n: x\r\n\r\n`, 400],
  ['HTTP/2.0 in a request line', `POST /attack HTTP/2.0\r\nHost: ${HOST}\r\n\r\n`, 505],
  ['CONNECT', `CONNECT ${HOST}:80 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, 400],
  ['TRACE', `TRACE /attack HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, 405],
];

const pseudo = (other: Record<string, string> = {}): Field[] =>
  fieldsFor(HOST, { ':path': '/attack', ...other });

/** Over HTTP/2 nothing of this ends a header; written down as HTTP/1 it would. Name, fields, body, outcome. */
type Http2Attack = [
  name: string,
  fields: Field[],
  body: string,
  outcome: number | 'ended' | { body: string },
];
const ESCAPE = `x\r\n\r\n${SMUGGLED}`;
const HTTP2: Http2Attack[] = [
  ['a line end in a value', [...pseudo(), ['x', ESCAPE]], '', 400],
  ['a line end in a name', [...pseudo(), ['x: y\r\ntransfer-encoding', 'chunked']], '', 400],
  ['a bare LF in a value', [...pseudo(), ['x', 'y\nTransfer-Encoding: chunked']], '', 400],
  ['a NUL in a value', [...pseudo(), ['x', 'a\0b']], '', 400],
  ['a line end in the path', pseudo({ ':path': `/attack HTTP/1.1\r\nX: ${ESCAPE}` }), '', 400],
  ['a space in the path', pseudo({ ':path': '/attack HTTP/1.1 x' }), '', 400],
  ['a path without a slash', pseudo({ ':path': 'attack' }), '', 400],
  ['a line end in the method', pseudo({ ':method': `GET /smuggled HTTP/1.1\r\nX: ` }), '', 400],
  ['a line end in the authority', pseudo({ ':authority': `${HOST}\r\nX: ${ESCAPE}` }), '', 400],
  ['a line end in the scheme', pseudo({ ':scheme': `http\r\nX: ${ESCAPE}` }), '', 400],
  ['a name in capitals', [...pseudo(), ['X-Upper', 'y']], '', 400],
  ['a colon in a name', [...pseudo(), ['x:y', 'z']], '', 400],
  ['a length shorter than the body', [...pseudo(), ['content-length', '5']], `hello${SMUGGLED}`, 400],
  ['a length longer than the body', [...pseudo(), ['content-length', '500']], 'hello', 400],
  ['two lengths', [...pseudo(), ['content-length', '5'], ['content-length', '6']], 'hello', 400],
  ['a length that is none', [...pseudo(), ['content-length', '+5']], 'hello', 400],
  ['chunks', [...pseudo(), ['transfer-encoding', 'chunked']], ENDED, { body: ENDED }],
  ['an encoding that is none', [...pseudo(), ['transfer-encoding', 'xchunked']], ENDED, 501],
];

export function smugglingSuite(gateway: () => TestGateway): void {
  let endpoint: RawEndpoint;
  /** What the endpoint was asked, in order. */
  const asked: { line: string; body: string }[] = [];
  beforeAll(async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    endpoint = await RawEndpoint.start(
      gateway().hostAddress,
      answeringEach(answer, ({ line, body }) => asked.push({ line, body })),
    );
    await gateway().change({ [HOST]: routeTo([endpoint.address]) });
  });
  afterAll(() => endpoint.close());
  beforeEach(() => void asked.splice(0));

  /** The first answer's status. Whatever nginx makes of the bytes is over when it has answered what comes after. */
  function attack(bytes: string): Promise<number> {
    return new Promise((resolve, reject) => {
      let received = '';
      let isAfter = false;
      const socket = net.connect(gateway().httpPort, '127.0.0.1', () => socket.write(bytes, 'latin1'));
      socket.setTimeout(5000, () =>
        socket.destroy(new Error(`nothing more came after ${JSON.stringify(received)}`)),
      );
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString('latin1');
        if (isAfter || !received.includes('\r\n\r\n')) return;
        isAfter = true;
        socket.write(AFTER);
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
      socket.on('close', () => resolve(Number(/^HTTP\/1\.[01] (\d{3}) /.exec(received)?.[1] ?? 0)));
    });
  }

  describe.each([
    ['a length and chunks at once', LENGTH_AND_CHUNKS],
    ['an obscured Transfer-Encoding', OBSCURED],
    ['lengths', LENGTHS],
    ['chunks', CHUNKS],
    ['lines', LINES],
  ])('%s', (_, attacks) => {
    it.each(attacks)('%s', async (_name, bytes, outcome) => {
      const status = await attack(bytes);
      const after = { line: 'GET /after', body: '' };
      if (typeof outcome === 'number') {
        expect(status).toBe(outcome);
        expect(asked.filter(({ line }) => line !== after.line)).toEqual([]);
      } else {
        expect(status).toBe(200);
        expect(asked).toEqual([{ line: 'POST /attack', body: outcome.body }, after]);
      }
    });
  });

  it.each(HTTP2)('over HTTP/2, %s', async (_, fields, body, outcome) => {
    const answer = await exchangeHttp2(gateway().httpPort, fields, body);
    if (typeof outcome === 'object') {
      expect(answer).toBe(200);
      expect(asked).toEqual([{ line: 'POST /attack', body: outcome.body }]);
    } else {
      expect(answer).toBe(outcome);
      expect(asked).toEqual([]);
    }
  });
}
