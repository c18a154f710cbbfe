import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AgentOptions } from 'node:https';
import { join } from 'node:path';
import { fileError } from '@berth/exec';
import { UserError } from '@berth/model';

/** What a connection to dockerd by TLS shows and believes. */
export type ClientCertificates = Required<Pick<AgentOptions, 'ca' | 'cert' | 'key'>>;

/**
 * Reads what docker's own commands read of a folder, `--tlsverify` given: ca.pem, cert.pem and key.pem. What is wrong with
 * them is said here; dockerd says no more than that it does not like a certificate, or cuts the connection.
 * @param now milliseconds since 1970
 * @throws UserError for a file that is not there, is none, is expired, or does not belong to the others
 */
export function certificatesIn(folder: string, now = Date.now()): ClientCertificates {
  const [caPath, certificatePath, keyPath] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const [ca, cert, key] = [read(caPath), read(certificatePath), read(keyPath)];
  certificate(ca, caPath);
  const own = certificate(cert, certificatePath);
  if (!own.checkPrivateKey(privateKey(key, keyPath)))
    throw new UserError(
      `${keyPath} is not the key of ${certificatePath}.`,
      'Take both from where the certificate was made.',
    );
  const until = Date.parse(own.validTo);
  if (until < now)
    throw new UserError(
      `${certificatePath} has expired: it was good until ${new Date(until).toISOString()}.`,
      'Whoever keeps the authority of that dockerd can make a new one.',
    );
  return { ca, cert, key };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(error, path);
    throw new UserError(
      `${path} is not there; dockerd asks for a certificate.`,
      'DOCKER_CERT_PATH names the folder of ca.pem, cert.pem and key.pem.',
      { cause: error },
    );
  }
}

function certificate(content: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(content);
  } catch (error) {
    throw new UserError(`${path} is no certificate.`, 'It must be one in PEM.', { cause: error });
  }
}

function privateKey(content: Buffer, path: string) {
  try {
    return createPrivateKey(content);
  } catch (error) {
    // As PKCS #8 says it, and as older formats do.
    const isLocked = /^-+BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(content.toString('latin1'));
    throw new UserError(
      isLocked
        ? `${path} is locked by a passphrase, which nobody is asked for.`
        : `${path} is no private key.`,
      `It must be one in PEM, without a passphrase: openssl pkey -in ${path} -out unlocked.pem`,
      { cause: error },
    );
  }
}
