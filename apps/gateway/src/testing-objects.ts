/* Only tests use this. */
import { createLog, type Log } from './log';
import type { Route } from '@berth/routes';
import type { KeyPair } from './testing-authority';

export function testRoutes(hosts: Readonly<Record<string, string[]>>): Map<string, Route> {
  return new Map(
    Object.entries(hosts).map(([host, endpoints]) => [
      host,
      { environment: 'staging', service: host, port: 'http', protocol: 'http', endpoints },
    ]),
  );
}

/** A log whose lines a test can read. */
export function testLog(): { log: Log; lines: { level: string; message: string }[] } {
  const lines: { level: string; message: string }[] = [];
  const log = createLog(
    'debug',
    (line) => lines.push(JSON.parse(line) as never),
    () => new Date(0),
  );
  return { log, lines };
}

const metadata = (name: string, more: object) => ({ name, namespace: 'staging', ...more });

export function publicService(name: string, created = '2026-01-01T00:00:00Z', more: object = {}): unknown {
  return {
    metadata: metadata(name, {
      uid: `uid-${name}`,
      creationTimestamp: created,
      labels: { 'berth.dev/public': 'true' },
      annotations: { 'berth.dev/public-ports': 'http', 'berth.dev/domain': 'localhost' },
    }),
    spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ name: 'http', port: 8080 }] },
    ...more,
  };
}

export function endpointSlice(service: string, addresses: string[]): unknown {
  return {
    metadata: metadata(`${service}-abcde`, { labels: { 'kubernetes.io/service-name': service } }),
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
}

/** A Secret with a certificate, in the namespace admin. */
export function tlsSecret(name: string, { certificate, key }: KeyPair): object {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return {
    metadata: { name, namespace: 'admin', uid: `uid-${name}` },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(certificate), 'tls.key': base64(key) },
  };
}
