/* Only tests use this: a server that a route leads to. */
import http from 'node:http';
import net from 'node:net';
import type { Route } from '@berth/routes';

export interface Seen {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Given once and never again: a gateway knows for a minute that nobody answered there. */
const refused = new Set<string>();

/** Answers every request with what it saw of it, as JSON, unless it is given another way. */
export class TestEndpoint {
  readonly seen: Seen[] = [];
  connections = 0;

  private constructor(
    readonly server: http.Server,
    /** As a route has it. */
    readonly address: string,
  ) {}

  /** @param port any that is free when absent */
  static async start(host: string, listener?: http.RequestListener, port = 0): Promise<TestEndpoint> {
    const server = http.createServer(listener ?? ((request, response) => void echo(request, response)));
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    const endpoint = new TestEndpoint(server, `${host}:${(server.address() as net.AddressInfo).port}`);
    if (port === 0 && refused.has(endpoint.address)) {
      await endpoint.close();
      return TestEndpoint.start(host, listener);
    }
    const echo = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method, url, headers } = request;
      const seen = { method: method!, url: url!, headers, body: Buffer.concat(chunks).toString() };
      endpoint.seen.push(seen);
      response.setHeader('server', endpoint.address);
      response.end(JSON.stringify(seen));
    };
    server.on('connection', () => endpoint.connections++);
    return endpoint;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** The address of a port at which nobody listens, another one each time. */
export async function refusedAddress(host: string): Promise<string> {
  const endpoint = await TestEndpoint.start(host);
  await endpoint.close();
  refused.add(endpoint.address);
  return endpoint.address;
}

export function routeTo(endpoints: string[], more: Partial<Route> = {}): Route {
  return { environment: 'staging', service: 'web', port: 'http', protocol: 'http', endpoints, ...more };
}
