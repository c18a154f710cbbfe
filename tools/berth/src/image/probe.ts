import { get } from 'node:http';
import { connect } from 'node:net';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import type { Endpoint, RunningContainer } from '@berth/engines';
import type { Probe, Service } from '@berth/model';

/** Milliseconds for one answer; a kubelet's default is 1 s. */
const ANSWER_MS = 1_000;

/** Asks a running container once how it is, as the kubelet would. Returns what is wrong, or undefined when it is well. */
export async function probe(
  asked: Probe,
  service: Service,
  container: RunningContainer,
): Promise<string | undefined> {
  try {
    switch (asked.kind) {
      case 'path':
        return await probePath(await endpointOf(asked.port, service, container), asked.path);
      case 'tcp':
        return await probeTcp(await endpointOf(asked.port, service, container));
      case 'grpc':
        return await probeGrpc(await endpointOf(asked.port, service, container), asked.service ?? '');
      case 'exec': {
        const code = await container.execute(asked.command);
        return code === 0 ? undefined : `${asked.command.join(' ')} exited with code ${code}`;
      }
    }
  } catch (error) {
    return (error as Error).message || String(error);
  }
}

function endpointOf(name: string, service: Service, container: RunningContainer): Promise<Endpoint> {
  const port = service.ports.find((other) => other.name === name)?.port;
  if (port === undefined) throw new Error(`the service has no port ${name}`);
  return container.endpoint(port);
}

/** Well is 200 to 399, as for the kubelet. */
function probePath({ host, port }: Endpoint, path: string): Promise<string | undefined> {
  const url = `http://${host}:${port}${path}`;
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent: false, timeout: ANSWER_MS }, ({ statusCode = 0 }) => {
      asked.destroy();
      resolve(statusCode >= 200 && statusCode < 400 ? undefined : `${url} answers ${statusCode}`);
    });
    asked.once('timeout', () => asked.destroy(new Error(`${url} does not answer`)));
    asked.once('error', reject);
  });
}

function probeTcp({ host, port }: Endpoint): Promise<undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (error?: Error) => {
      socket.destroy();
      if (error) reject(error);
      else resolve(undefined);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(new Error(`${host}:${port} does not answer`)));
    socket.once('error', end);
  });
}

/** The gRPC health protocol: one Check, answered by SERVING (grpc/doc/health-checking.md). */
async function probeGrpc({ host, port }: Endpoint, service: string): Promise<string | undefined> {
  const session = connectHttp2(`http://${host}:${port}`);
  try {
    const status = await checkGrpc(session, service);
    return status === 1 ? undefined : `its gRPC health is ${status ?? 'not answered'}, expected 1 (SERVING)`;
  } finally {
    session.destroy();
  }
}

function checkGrpc(session: ClientHttp2Session, service: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const parts: Buffer[] = [];
    stream.setTimeout(ANSWER_MS, () => reject(new Error('its gRPC health does not answer')));
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.once('error', reject);
    stream.once('end', () => {
      // Five bytes of frame, then field 1 (status) as a varint.
      const message = Buffer.concat(parts).subarray(5);
      resolve(message[0] === 0x08 ? message[1] : undefined);
    });
    const name = Buffer.from(service, 'utf8');
    const body = name.length > 0 ? Buffer.concat([Buffer.from([0x0a, name.length]), name]) : name;
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(body.length, 1);
    stream.end(Buffer.concat([frame, body]));
  });
}
