import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** A port of this machine that leads to a socket: a browser knows no sockets. */
export interface Door {
  port: number;
  close(): void;
}

export async function openDoor(socket: string): Promise<Door> {
  const server = createServer((one) => {
    const other = connect(socket);
    one.pipe(other).pipe(one);
    one.on('error', () => other.destroy());
    other.on('error', () => one.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
