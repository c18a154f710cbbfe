import type { LiveObject } from '@berth/kube';
import { CertificateError, readCertificate, type Certificate } from './certificate';
import type { ToldRefusal } from './refusal-events';

/** A Secret by its name, as far as the cluster has told of it. */
export interface NamedSecret {
  name: string;
  /** Whether it was asked for with success; else what was there before stays. */
  known: boolean;
  /** Undefined when there is none. */
  secret: LiveObject | undefined;
}

export interface CertificateChoice {
  /** In the order of the names. */
  certificates: Certificate[];
  refused: ToldRefusal[];
}

/**
 * The certificates of these Secrets. In place of one that is refused the one before stays in use, whatever has become of
 * it since: a certificate that is about to expire serves better than none. Pure.
 */
export function chooseCertificates(
  secrets: readonly NamedSecret[],
  before: readonly Certificate[],
  now: Date,
): CertificateChoice {
  const choice: CertificateChoice = { certificates: [], refused: [] };
  for (const { name, known, secret } of secrets) {
    const earlier = before.find(({ source }) => source === name);
    let certificate = known ? undefined : earlier;
    if (secret) {
      try {
        certificate = certificateOf(secret, now);
      } catch (error) {
        if (!(error instanceof CertificateError)) throw error;
        certificate = earlier;
        choice.refused.push(refusalOf(secret, error, earlier));
      }
    }
    if (certificate) choice.certificates.push(certificate);
  }
  return choice;
}

const TLS_TYPE = 'kubernetes.io/tls';

function certificateOf(secret: LiveObject, now: Date): Certificate {
  const { type, data = {} } = secret as { type?: string; data?: Record<string, string> };
  if (type !== TLS_TYPE)
    throw new CertificateError('CertificateInvalid', `its type must be ${TLS_TYPE}, not ${type}`);
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  return readCertificate(secret.metadata.name, text('tls.crt'), text('tls.key'), now);
}

function refusalOf(
  { metadata: { name, namespace = '', uid } }: LiveObject,
  { reason, message }: CertificateError,
  earlier: Certificate | undefined,
): ToldRefusal {
  const instead = earlier ? `; the one before, until ${earlier.notAfter}, stays in use` : '';
  return {
    object: { kind: 'Secret', namespace, name, uid },
    reason,
    message: `the certificate is refused: ${message}${instead}`,
  };
}
