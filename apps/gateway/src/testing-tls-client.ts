/* Only tests use this: clients that speak TLS with a gateway, and trust one authority. */
import { X509Certificate } from 'node:crypto';
import https from 'node:https';
import tls from 'node:tls';
import type { Answer } from './testing-request';

/** What a handshake came to. */
export interface Handshake {
  /** PEM. */
  certificate: string;
  /** PEM of the next one that came with it, if any. */
  issuer: string | undefined;
  protocol: string | null;
  /** What ALPN chose; false for nothing. */
  application: string | false | null;
}

/** A handshake with 127.0.0.1; whom the certificate is from is not asked. @throws Error with nginx's alert */
export function shakeHands(
  port: number,
  servername: string | undefined,
  options: tls.ConnectionOptions = {},
): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(
      { host: '127.0.0.1', port, rejectUnauthorized: false, ...(servername && { servername }), ...options },
      () => {
        const { raw, issuerCertificate } = socket.getPeerCertificate(true);
        resolve({
          certificate: pem(raw),
          issuer: issuerCertificate && pem(issuerCertificate.raw),
          protocol: socket.getProtocol(),
          application: socket.alpnProtocol,
        });
        socket.destroy();
      },
    );
    socket.setTimeout(10_000, () => socket.destroy(new Error('the handshake does not end')));
    socket.on('error', reject);
  });
}

/** Asks 127.0.0.1 for a host over HTTPS, and checks that the certificate is one of the authority's for that server. */
export function askOverTls(
  port: number,
  host: string,
  options: { ca: string; path?: string; agent?: https.Agent; servername?: string },
): Promise<Answer> {
  const { ca, path = '/', agent = false, servername = host } = options;
  return new Promise((resolve, reject) => {
    const request = https.request(
      { host: '127.0.0.1', port, path, ca, agent, servername, headers: { host }, timeout: 20_000 },
      (response) => {
        let body = '';
        response.on('data', (piece: Buffer) => (body += piece.toString()));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer from ${host}`)));
    request.on('error', reject);
    request.end();
  });
}

function pem(certificate: Buffer): string {
  return new X509Certificate(certificate).toString();
}
