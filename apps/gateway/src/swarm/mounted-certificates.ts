import { readFileSync } from 'node:fs';
import type { LiveObject } from '@berth/kube';
import type { CertificateSource } from '../certificates';

const PEM_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/;

/**
 * Certificates in files that Docker makes of secrets: what `gateway-tls` is on Kubernetes is in GATEWAY_TLS, with chain and
 * key in one text. They stay the same for as long as a task runs; a new version of a secret starts tasks anew.
 */
export function mountedCertificates(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CertificateSource {
  const secrets = names.map((name) => ({
    name,
    known: true,
    secret: secretIn(name, env[fileVariable(name)]),
  }));
  return {
    observe: () => ({ secrets: () => secrets, listed: Promise.resolve() }),
    // The log tells of them.
    events: () => ({ write: async () => [] }),
  };
}

function fileVariable(name: string): string {
  return `${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_FILE`;
}

function secretIn(name: string, file: string | undefined): LiveObject | undefined {
  if (file === undefined) return undefined;
  const text = readFileSync(file, 'utf8');
  const base64 = (part: string): string => Buffer.from(part).toString('base64');
  const metadata = { name, namespace: '', uid: name, resourceVersion: '1', creationTimestamp: '' };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(text), 'tls.key': base64(PEM_KEY.exec(text)?.[0] ?? '') },
  };
}
