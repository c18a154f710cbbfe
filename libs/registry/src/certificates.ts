import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { fileError } from '@berth/exec';
import { UserError } from '@berth/model';

/**
 * What a TLS connection to a registry, or to its token server, goes by; undefined: what holds for every connection.
 * @throws UserError when what was laid down for it cannot be used
 */
export type CertificateSource = (origin: URL) => SecureContext | undefined;

/**
 * The certificates that docker and podman read (containers-certs.d(5)): the first of the folders that has one named
 * `<host>:<port>`, and in that `*.crt`, authorities that are trusted beside the usual ones, and `<name>.cert` with
 * `<name>.key`, what is shown to a registry that asks who we are.
 * @param folders for example /etc/docker/certs.d, the one that counts most first
 * @param extraAuthorities the file that Node was told to trust besides (NODE_EXTRA_CA_CERTS)
 */
export function certificatesIn(folders: readonly string[], extraAuthorities?: string): CertificateSource {
  return ({ host, hostname, port }) => {
    // The port may be written where it is the usual one too.
    const names = port ? [host] : [host, `${hostname}:443`];
    for (const folder of folders.flatMap((parent) => names.map((name) => join(parent, name)))) {
      const files = filesOf(folder);
      if (files) return contextOf(folder, files, extraAuthorities);
    }
    return undefined;
  };
}

function contextOf(folder: string, files: readonly string[], extraAuthorities?: string): SecureContext {
  const at = (name: string) => join(folder, name);
  const authorities = files.filter((name) => name.endsWith('.crt')).map((name) => readCertificate(at(name)));
  const own = files.filter((name) => name.endsWith('.cert'));
  const keys = own.map((name) => name.replace(/cert$/, 'key'));
  const missing = keys.find((name) => !files.includes(name));
  if (missing) {
    throw new UserError(
      `${folder} has a client certificate without its key: there is no ${missing}.`,
      `Put the key beside it, or take the certificate away: ls -l ${folder}`,
    );
  }
  // Like Node, which warns of one that is not there, and goes on.
  const extra = extraAuthorities && existsSync(extraAuthorities) ? [readText(extraAuthorities)] : [];
  try {
    return createSecureContext({
      // Named authorities take the place of all that Node knows.
      ...(authorities.length > 0 && { ca: [...rootCertificates, ...extra, ...authorities] }),
      ...(own.length > 0 && {
        cert: own.map((name) => readCertificate(at(name))),
        key: keys.map((name) => readText(at(name))),
      }),
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The client certificate in ${folder} cannot be used: ${(error as Error).message}.`,
      `${own.join(', ')} and ${keys.join(', ')} must be PEM and belong together. The same public key comes of both: openssl x509 -noout -pubkey -in ${at(own[0] ?? '')}; openssl pkey -pubout -in ${at(keys[0] ?? '')}`,
      { cause: error },
    );
  }
}

/** OpenSSL passes over an authority that it cannot read, and then trusts nobody. */
function readCertificate(file: string): string {
  const text = readText(file);
  try {
    new X509Certificate(text);
    return text;
  } catch (error) {
    throw new UserError(
      `${file} is no certificate: ${(error as Error).message}.`,
      `It must be PEM, beginning with -----BEGIN CERTIFICATE-----. See it: openssl x509 -noout -text -in ${file}`,
      { cause: error },
    );
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(error, file);
  }
}

/** Undefined when there is no such folder. */
function filesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileError(error, folder);
  }
}
