import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { readCertificate, type Certificate } from './certificate';
import {
  bitString,
  der,
  identifier,
  integer,
  octetString,
  sequence,
  set,
  tagged,
  time,
  TRUE,
  utf8String,
} from './der';

/** `source` of a certificate that the gateway made itself. */
export const SELF_SIGNED = 'self-signed';

const DAY_MS = 24 * 60 * 60_000;
/** Browsers take none that is valid for longer than 398. */
const VALID_DAYS = 397;
const RENEWED_DAYS_BEFORE = 30;

/** A certificate for these domains and every host directly below them (RFC 5280, 4.1). */
export function makeSelfSigned(domains: readonly string[], now: Date): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'));
  const commonName = sequence(identifier('2.5.4.3'), utf8String('Berth gateway, self-signed'));
  const name = sequence(set(commonName));
  // Clocks differ.
  const notBefore = new Date(now.getTime() - DAY_MS);
  const body = sequence(
    tagged(0, integer(VERSION_3)),
    integer(serialNumber()),
    ecdsaWithSha256,
    name,
    sequence(time(notBefore), time(new Date(notBefore.getTime() + VALID_DAYS * DAY_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions(namesOf(domains)))),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = new X509Certificate(sequence(body, ecdsaWithSha256, bitString(signature)));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return readCertificate(SELF_SIGNED, certificate.toString(), key, now);
}

/** Whether a certificate is one of ours for these domains, and will be for a while. */
export function isStillGood(certificate: Certificate, domains: readonly string[], now: Date): boolean {
  const { source, names, notAfter } = certificate;
  return (
    source === SELF_SIGNED &&
    new Date(notAfter).getTime() - now.getTime() > RENEWED_DAYS_BEFORE * DAY_MS &&
    namesOf(domains).every((name) => names.includes(name))
  );
}

function namesOf(domains: readonly string[]): string[] {
  return domains.flatMap((domain) => [domain, `*.${domain}`]);
}

const VERSION_3 = Buffer.from([2]);
const DIGITAL_SIGNATURE = bitString(Buffer.from([0x80]), 7);
const SERVER_AUTHENTICATION = identifier('1.3.6.1.5.5.7.3.1');

/** Positive, and not a byte longer than it says. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes;
}

function extensions(names: readonly string[]): Buffer[] {
  const dnsNames = names.map((name) => der(0x82, Buffer.from(name)));
  return [
    // No authority: whoever trusts it trusts these hosts, and nothing that its key signs.
    sequence(identifier('2.5.29.19'), TRUE, octetString(sequence())),
    sequence(identifier('2.5.29.15'), TRUE, octetString(DIGITAL_SIGNATURE)),
    sequence(identifier('2.5.29.37'), octetString(sequence(SERVER_AUTHENTICATION))),
    sequence(identifier('2.5.29.17'), octetString(sequence(...dnsNames))),
  ];
}
