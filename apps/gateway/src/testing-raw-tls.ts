/* Only tests use this: the first message of TLS by hand, since no library sends what must not be sent. */
import { randomBytes, X509Certificate } from 'node:crypto';
import net from 'node:net';

const ALERT = 21;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const CERTIFICATE = 11;

const TLS_1_2 = 0x0303;
/** TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256. */
const SUITE = 0xc02b;

/** Bytes with their length before them, as most of TLS is (RFC 8446, 3.4). */
export function vector(lengthBytes: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}

function numbers(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)));
}

export function extension(type: number, body: Buffer): Buffer {
  return Buffer.concat([numbers(type), vector(2, body)]);
}

/** RFC 6066, 3. */
export function serverName(...names: readonly (Buffer | string)[]): Buffer {
  return extension(0, vector(2, ...names.map((name) => Buffer.concat([Buffer.of(0), vector(2, name)]))));
}

/** RFC 7301, 3.1. */
export function applicationProtocols(...names: readonly string[]): Buffer {
  return extension(16, vector(2, ...names.map((name) => vector(1, name))));
}

/** Of TLS 1.2 and older, in which the certificate comes in the clear (RFC 5246, 7.4.1.2). */
export function clientHello(
  extensions: readonly Buffer[] = [],
  { version = TLS_1_2, suites = [SUITE] }: { version?: number; suites?: readonly number[] } = {},
): Buffer {
  // Curves P-256 and X25519, signatures by ECDSA and RSA with SHA-256.
  const always = [
    extension(10, vector(2, numbers(0x17, 0x1d))),
    extension(13, vector(2, numbers(0x403, 0x401, 0x804))),
  ];
  const body = Buffer.concat([
    numbers(version),
    randomBytes(32),
    vector(1),
    vector(2, numbers(...suites)),
    vector(1, Buffer.of(0)),
    vector(2, ...always, ...extensions),
  ]);
  return Buffer.concat([
    Buffer.of(HANDSHAKE),
    numbers(0x0301),
    vector(2, Buffer.of(CLIENT_HELLO), vector(3, body)),
  ]);
}

/** What a server says to these bytes: its certificate (PEM), the number of its alert, or nothing before it closes. */
export function helloAnswer(port: number, hello: Buffer): Promise<string | number | 'closed'> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(hello));
    const done = (answer: string | number): void => {
      socket.destroy();
      resolve(answer);
    };
    let received = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      const answer = answerIn(received);
      if (answer !== undefined) done(answer);
    });
    socket.setTimeout(20_000, () => socket.destroy(new Error('TLS got no answer')));
    socket.on('close', () => done('closed'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? done('closed') : reject(error),
    );
  });
}

function answerIn(received: Buffer): string | number | undefined {
  const messages: Buffer[] = [];
  for (let rest = received; rest.length >= 5 && rest.length >= 5 + rest.readUInt16BE(3);) {
    const payload = rest.subarray(5, 5 + rest.readUInt16BE(3));
    if (rest[0] === ALERT) return payload[1]!;
    messages.push(payload);
    rest = rest.subarray(5 + payload.length);
  }
  for (let rest = Buffer.concat(messages); rest.length >= 4;) {
    const body = rest.subarray(4, 4 + rest.readUIntBE(1, 3));
    // A list of certificates, of which the first is the server's own.
    if (rest[0] === CERTIFICATE && body.length === rest.readUIntBE(1, 3))
      return new X509Certificate(body.subarray(6, 6 + body.readUIntBE(3, 3))).toString();
    rest = rest.subarray(4 + body.length);
  }
  return undefined;
}
