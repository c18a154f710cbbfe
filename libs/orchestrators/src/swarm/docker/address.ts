import { UserError } from '@berth/model';
import { certificatesIn, type ClientCertificates } from './certificates';

/** Docker's own port for TLS. */
const TLS_PORT = '2376';

/** How dockerd is reached. */
export type DockerWay =
  | { kind: 'unix'; socketPath: string }
  | { kind: 'tcp'; host: string; port: number; tls?: ClientCertificates }
  | { kind: 'ssh'; destination: string; port?: number };

/**
 * The way that an address of dockerd means.
 * @param address `unix:///…`, `tcp://host:port` or `ssh://[user@]host[:port]`
 * @param certificates folder of ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH has it
 * @throws UserError for plain TCP to another machine, and for certificates that cannot be read
 */
export function wayTo(address: string, certificates?: string): DockerWay {
  if (address.startsWith('unix://')) return { kind: 'unix', socketPath: address.slice('unix://'.length) };
  const { protocol, hostname, port, username } = new URL(address.replace(/^(tcp|ssh):/, 'http:'));
  if (address.startsWith('ssh://')) {
    const destination = username ? `${decodeURIComponent(username)}@${hostname}` : hostname;
    return { kind: 'ssh', destination, ...(port ? { port: Number(port) } : {}) };
  }
  if (protocol !== 'http:') throw new Error(`${address} is no address of dockerd`);
  const number = port || TLS_PORT;
  const host = hostname.replace(/^\[|\]$/g, '');
  if (certificates !== undefined)
    return { kind: 'tcp', host, port: Number(number), tls: certificatesIn(certificates) };
  if (number !== TLS_PORT && /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host))
    return { kind: 'tcp', host, port: Number(number) };
  throw new UserError(
    `${address} is on another machine, or speaks TLS, and there are no certificates for it: whoever may speak to dockerd is root on that machine.`,
    'Name the folder of ca.pem, cert.pem and key.pem: DOCKER_CERT_PATH=~/.docker nx …\nor go by ssh: ssh://user@host',
  );
}

/** How a person asks the same dockerd; docker finds the certificates by DOCKER_CERT_PATH too, once it is to use them. */
export function dockerCommand(address: string, certificates?: string): string[] {
  const isTls = address.startsWith('tcp://') && certificates !== undefined;
  return ['docker', '--host', address, ...(isTls ? ['--tlsverify'] : [])];
}
