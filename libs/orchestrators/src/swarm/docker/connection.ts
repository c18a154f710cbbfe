import http from 'node:http';
import https from 'node:https';
import type { Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { wayTo } from './address';
import { EXPECTS_TLS, tlsRefusal } from './tls-refusal';
import { Tunnel } from './tunnel';

/** An open way to a dockerd. */
export interface Connection {
  ask(options: http.RequestOptions): http.ClientRequest;
  /** An error of a request in a person's words, when no further try would end otherwise. */
  explain(error: unknown): UserError | undefined;
  /** When it was lost; absent where each request may find it anew. */
  ended?: Promise<unknown>;
  close(): void;
}

const agentOptions = { keepAlive: true, maxSockets: 32 };

/**
 * @param certificates folder of ca.pem, cert.pem and key.pem, for TCP
 * @param runner runs ssh
 * @throws UserError when the address or the certificates cannot be used, or ssh does not get there
 */
export async function openConnection({
  address,
  certificates,
  runner,
}: {
  address: string;
  certificates?: string;
  runner?: Runner;
}): Promise<Connection> {
  const way = wayTo(address, certificates);
  if (way.kind === 'tcp' && way.tls) {
    const agent = new https.Agent({ ...agentOptions, ...way.tls });
    const { host, port } = way;
    return {
      ask: (options) => https.request({ ...options, host, port, agent }),
      explain: (error) => tlsRefusal(address, certificates ?? '', error),
      close: () => agent.destroy(),
    };
  }
  const agent = new http.Agent(agentOptions);
  if (way.kind === 'ssh') {
    const tunnel = await Tunnel.open(way, runner);
    return {
      ask: (options) => http.request({ ...options, socketPath: tunnel.socketPath, agent }),
      explain: (error) => tunnel.refusal(error),
      ended: tunnel.ended,
      close: () => {
        agent.destroy();
        tunnel.close();
      },
    };
  }
  const place = way.kind === 'unix' ? { socketPath: way.socketPath } : { host: way.host, port: way.port };
  return {
    ask: (options) => http.request({ ...options, ...place, agent }),
    explain: (error) =>
      (error as Error).message.includes(EXPECTS_TLS)
        ? new UserError(
            `dockerd at ${address} asks for certificates.`,
            'Name the folder of ca.pem, cert.pem and key.pem: DOCKER_CERT_PATH=~/.docker nx …',
            { cause: error },
          )
        : undefined,
    close: () => agent.destroy(),
  };
}
