import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands before a registry that speaks plain http, on a port of this machine, counts what it is sent, and fails as it is
 * told to; for tests.
 */
export class RegistryFront {
  /** Bytes of blobs. */
  received = 0;
  /** Whether a request gets no other answer than what this makes of it. */
  fault: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;

  private constructor(private readonly server: Server) {}

  /** As in an image reference. */
  get host(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param registry host and port */
  static async before(registry: string): Promise<RegistryFront> {
    const server = createServer((incoming, response) => {
      if (front.fault?.(incoming, response)) return;
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
