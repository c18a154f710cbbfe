import { readFileSync } from 'node:fs';
import type { CertificateSource } from '../certificates';
import { certificateSecret } from './certificate-text';

/**
 * Certificates in files that Docker makes of secrets: what `gateway-tls` is on Kubernetes is in GATEWAY_TLS, with chain and
 * key in one text. They stay the same for as long as a task runs; a new version of a secret starts tasks anew.
 */
export function mountedCertificates(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CertificateSource {
  const secrets = names.map((name) => {
    const file = env[fileVariable(name)];
    const secret = file === undefined ? undefined : certificateSecret(name, readFileSync(file, 'utf8'));
    return { name, known: true, secret };
  });
  return {
    observe: () => ({ secrets: () => secrets, listed: Promise.resolve() }),
    // The log tells of them.
    events: () => ({ write: async () => [] }),
  };
}

function fileVariable(name: string): string {
  return `${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_FILE`;
}
