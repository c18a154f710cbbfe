import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const servers: Server[] = [];
/** Those of websockets included, which no server closes. */
const sockets = new Set<Socket>();

/** A stand-in for a service. It ends with `closeServices`. */
export async function listen(handler: RequestListener): Promise<{ url: URL; server: Server }> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}`), server };
}

export async function closeServices(): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
}

/** An address where nobody listens. */
export async function nowhere(): Promise<URL> {
  const { url, server } = await listen(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

export const nobody: RequestListener = (request, response) => {
  response.writeHead(599).end(`was asked for ${request.url}`);
};
