import { UserError } from '@berth/model';
import { dockerCommand } from './address';

/** OpenSSL's words for a certificate that its reader does not believe; see X509_STORE_CTX_get_error(3). */
const unknownAuthority = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

/** What a Go server that is spoken to in the clear answers where it expects TLS. */
export const EXPECTS_TLS = 'Client sent an HTTP request to an HTTPS server';

/**
 * Why there is no TLS with dockerd; no further try would end otherwise. Undefined for all other errors.
 * @param address as in cluster.json
 * @param certificates folder of ca.pem, cert.pem and key.pem
 */
export function tlsRefusal(address: string, certificates: string, error: unknown): UserError | undefined {
  const { code = '', message = '', reason = '' } = error as NodeJS.ErrnoException & { reason?: string };
  const refuse = (what: string, hint: string) =>
    new UserError(`dockerd at ${address} ${what}`, hint, { cause: error });
  const see = `See what it shows: openssl s_client -connect ${address.replace(/^tcp:\/\//, '')} -CAfile ${certificates}/ca.pem`;
  if (unknownAuthority.has(code))
    return refuse(
      `shows a certificate that ${certificates}/ca.pem has not signed (${message}): it is another authority's, or this is another machine.`,
      `DOCKER_CERT_PATH names the folder with the authority of that Swarm.\n${see}`,
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return refuse(`shows a certificate whose time is over or has not come (${message}).`, see);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return refuse(
      `shows a certificate for other names: ${reason || message}`,
      `Name it in "docker" of cluster.json as its certificate does, or make it one for that name.\n${see}`,
    );
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code))
    return refuse(
      'does not speak TLS: whoever reaches it there is root on that machine.',
      'Have it ask for certificates (--tlsverify), or go by ssh: "docker": "ssh://user@host"',
    );
  // After a handshake of TLS 1.3 that is what its first answer is.
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|ACCESS_DENIED)|ALERT_HANDSHAKE_FAILURE/.test(code))
    return refuse(
      `does not take ${certificates}/cert.pem (${message.replace(/^.*:(?=\w)/s, '').trim()}): another authority has signed it, or it is for no client.`,
      `Whoever keeps the authority of that dockerd can make one (extendedKeyUsage=clientAuth).\nSee whether docker gets in: ${dockerCommand(address, certificates).join(' ')} version`,
    );
  return undefined;
}
