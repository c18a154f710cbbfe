import { createServer, type Server, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { Connection } from './connection';

/** What a client has asked for. */
export interface Asked {
  /** For example `GET /api/v1/namespaces`. */
  what: string;
  /** How many requests there were with this one. */
  count: number;
}

/**
 * What becomes of a request: the real server answers it; it is answered already; or it is done, and the client's
 * connection cut before the answer.
 */
export type Fate = 'answered by the server' | 'answered' | 'done unheard';

/** Stands before a real API server on a port of this machine, speaks plain http, and fails as it is told to. */
export class FaultyApiServer {
  fault: ((response: ServerResponse, asked: Asked) => Fate) | undefined;
  asked: string[] = [];
  private server: Server | undefined;
  /** Below those that the kernel gives to connections: one of them would take it while nobody listens. */
  private readonly port = 20_000 + Math.floor(Math.random() * 12_000);
  private readonly agent: Agent;

  constructor(private readonly real: Connection) {
    const { ca, cert, key } = real;
    this.agent = new Agent({ keepAlive: true, ca, cert, key });
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    this.server = createServer((incoming, response) => {
      const what = `${incoming.method} ${incoming.url}`;
      this.asked.push(what);
      const fate = this.fault?.(response, { what, count: this.asked.length });
      if (fate === 'answered') return;
      const { host: _host, connection: _connection, ...headers } = incoming.headers;
      const url = new URL(incoming.url ?? '/', this.real.server);
      const sent = request(url, { method: incoming.method, headers, agent: this.agent }, (answer) => {
        if (fate === 'done unheard') {
          answer.resume().on('end', () => incoming.socket.destroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      sent.on('error', () => response.destroy());
      // What has been sent is done, although nobody may hear of it.
      response.on('close', () => incoming.method === 'GET' && sent.destroy());
      incoming.pipe(sent);
    });
    const { server } = this;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve).unref();
    });
  }

  /** Nobody listens from now on, and what is open is cut; the port is kept for the next `listen`. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server?.closeAllConnections();
    this.agent.destroy();
    await closed;
  }
}
