import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a registry that speaks plain http, on a port of this machine, and counts what it is sent; for tests. */
export class RegistryFront {
  /** Bytes of blobs. */
  received = 0;

  private constructor(private readonly server: Server) {}

  /** As in an image reference. */
  get host(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param registry host and port */
  static async before(registry: string): Promise<RegistryFront> {
    const server = createServer((incoming, response) => {
      const { method, url = '', headers } = incoming;
      const sent = request(new URL(url, `http://${registry}`), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      sent.on('error', () => response.destroy());
      if (url.includes('/blobs/uploads/'))
        incoming.on('data', (part: Buffer) => (front.received += part.length));
      incoming.pipe(sent);
    });
    const front = new RegistryFront(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
