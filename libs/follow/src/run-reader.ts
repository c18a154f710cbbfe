import { Dockerd } from './dockerd';
import { createReader, type ReaderSource } from './reader-server';

/** Where a container has its manager's socket. */
const SOCKET = '/var/run/docker.sock';

/**
 * What a program does that reads dockerd's API for a service (`apiReader` of service.json): answers at the port until a
 * signal ends it.
 */
export function runReader<State>(
  sourceOf: (dockerd: Dockerd) => ReaderSource<State>,
  { port, log }: { port: number; log: (message: string, fields: Readonly<Record<string, unknown>>) => void },
): void {
  const server = createReader(sourceOf(new Dockerd(SOCKET)));
  server.listen(port, () => log('started', { socket: SOCKET, address: server.address() }));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
    process.once(signal, () => {
      log('stopping', { signal });
      server.close();
      server.closeAllConnections();
    });
}
