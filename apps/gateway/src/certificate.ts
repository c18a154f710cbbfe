import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** A certificate with its key, as nginx presents it. */
export interface Certificate {
  /** Name of the Secret that it comes from, or `self-signed`. */
  source: string;
  /** Hosts and wildcards (`*.example.com`) that it is for, in lower case. */
  names: string[];
  /** RFC 3339. */
  notAfter: string;
  /** PEM: its own, then those of the authorities that lead to one whom clients trust. */
  certificate: string;
  /** PEM. */
  key: string;
}

/** Certificates under a number that no other ones have had; the first is for who names no known host. */
export interface CertificateSet {
  /** From 1. */
  generation: number;
  certificates: readonly Certificate[];
}

/** A certificate that no client is given. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  constructor(
    /** Reason of the Event too. */
    readonly reason: 'CertificateInvalid' | 'CertificateExpired' | 'CertificateNotYetValid',
    message: string,
  ) {
    super(message);
  }
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const NAME = /^(?=.{1,253}$)(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
/**
 * What OpenSSL asks of keys and signatures: nginx's refuses in the handshake what is below it, and Node's own level is
 * lower. 2 is OpenSSL's default since 3.2: RSA from 2048 bits on, no SHA-1.
 */
const CIPHERS_OF_NGINX = 'DEFAULT@SECLEVEL=2';
/** Curves that browsers and other clients speak: with another one every handshake would fail. */
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];
/** Signing with 8192 takes tens of milliseconds, in which nginx's worker serves nobody else. */
const MOST_RSA_BITS = 4096;
/** Characters of PEM: some 100 kB, more than which OpenSSL's clients refuse (SSL_CTX_set_max_cert_list). */
const LONGEST_CHAIN = 136_000;

/** Reads a certificate and its key. @throws CertificateError when clients could not be given it, or would not take it. */
export function readCertificate(source: string, certificate: string, key: string, now: Date): Certificate {
  const chain = certificate.match(PEM_CERTIFICATE) ?? [];
  if (chain.join('').length > LONGEST_CHAIN)
    throw invalid(`its chain of ${chain.length} is longer than the 100 kB that clients take`);
  const [own, ...authorities] = chain.map(readX509);
  if (!own) throw invalid('there is no certificate in PEM');
  const privateKey = readKey(key);
  if (!own.checkPrivateKey(privateKey)) throw invalid('the key is not that of the certificate');
  const wrong = wrongKind(privateKey);
  if (wrong) throw invalid(wrong);
  const pem = [own, ...authorities].map(String).join('');
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    createSecureContext({ cert: pem, key: keyPem, ciphers: CIPHERS_OF_NGINX });
  } catch (error) {
    throw invalid(`OpenSSL does not take it: ${reasonOf(error)}`);
  }
  const names = namesOf(own);
  if (names.length === 0) throw invalid('it is for no host: its subjectAltName has no DNS name');
  const [notBefore, notAfter] = [new Date(own.validFrom), new Date(own.validTo)];
  if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime()))
    throw invalid('the time for which it is valid cannot be read');
  if (notAfter <= now)
    throw new CertificateError('CertificateExpired', `it expired at ${notAfter.toISOString()}`);
  if (notBefore > now)
    throw new CertificateError('CertificateNotYetValid', `it is valid from ${notBefore.toISOString()} on`);
  return { source, names, notAfter: notAfter.toISOString(), certificate: pem, key: keyPem };
}

/** The set as nginx reads it, from its socket and from its file. */
export function setText({ generation, certificates }: CertificateSet): string {
  return JSON.stringify({ generation, certificates });
}

/** @throws Error when the text is no set. */
export function parseSet(text: string): CertificateSet {
  const { generation, certificates } = (JSON.parse(text) ?? {}) as Partial<CertificateSet>;
  if (!Number.isInteger(generation) || generation! < 1) throw new Error('it has no generation');
  if (!Array.isArray(certificates) || !certificates.every(isCertificate))
    throw new Error('it has no certificates');
  return { generation: generation!, certificates };
}

export function isSameCertificate(one: Certificate, other: Certificate): boolean {
  return one.source === other.source && one.certificate === other.certificate && one.key === other.key;
}

function isCertificate(value: unknown): value is Certificate {
  const { source, names, notAfter, certificate, key } = (value ?? {}) as Partial<Certificate>;
  return (
    Array.isArray(names) && [source, notAfter, certificate, key].every((text) => typeof text === 'string')
  );
}

function readX509(pem: string, index: number): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw invalid(`certificate ${index + 1} of the chain cannot be read: ${reasonOf(error)}`);
  }
}

function readKey(pem: string): KeyObject {
  if (pem === '') throw invalid('the key cannot be read: there is none in PEM');
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw invalid(`the key cannot be read: ${reasonOf(error)}`);
  }
}

/** Why a handshake with such a key fails, or holds up all others; undefined when neither does. */
function wrongKind({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  const { namedCurve, modulusLength } = asymmetricKeyDetails ?? {};
  switch (asymmetricKeyType) {
    case 'ec':
      return CURVES.includes(namedCurve!)
        ? undefined
        : `its key is on the curve ${namedCurve}, not on ${CURVES.join(', ')}`;
    case 'rsa':
    case 'rsa-pss':
      return modulusLength! > MOST_RSA_BITS
        ? `its RSA key has ${modulusLength} bits, more than ${MOST_RSA_BITS}`
        : undefined;
    case 'ed25519':
    case 'ed448':
      return undefined;
    default:
      return 'its key is of another kind than rsa, rsa-pss, ec, ed25519 and ed448';
  }
}

/** What cannot be a host (an address, `w*.example.com`) is left out: no client asks for it by name. */
function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  const names = subjectAltName
    .split(', ')
    .filter((entry) => entry.startsWith('DNS:'))
    .map((entry) => entry.slice('DNS:'.length).toLowerCase());
  return [...new Set(names.filter((name) => NAME.test(name)))];
}

function invalid(message: string): CertificateError {
  return new CertificateError('CertificateInvalid', message);
}

/** OpenSSL's own words, without its function names. */
function reasonOf(error: unknown): string {
  const { reason, message } = error as { reason?: string; message: string };
  return reason ?? message;
}
