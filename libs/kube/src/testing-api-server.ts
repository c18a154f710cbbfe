import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createSecureServer, type Http2ServerRequest } from 'node:http2';
import { Agent, request } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '@berth/exec/src/testing-authority';
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

/** PEM, of a server of HTTP/2. */
export interface Secure {
  cert: Buffer;
  key: Buffer;
}

/** A certificate that signs itself. */
export async function newSecure(): Promise<Secure> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-api-server-'));
  try {
    const { certificate, key } = await TestAuthority.make(folder, 'api-server');
    return { cert: readFileSync(certificate), key: readFileSync(key) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Stands before a real API server on a port of this machine, and fails as it is told to. It speaks plain HTTP/1.1, or
 * HTTP/2 over TLS.
 */
export class FaultyApiServer {
  fault: ((response: ServerResponse, asked: Asked) => Fate) | undefined;
  asked: string[] = [];
  private server: Server | undefined;
  /** Below those that the kernel gives to connections: one of them would take it while nobody listens. */
  private readonly port = 20_000 + Math.floor(Math.random() * 12_000);
  private readonly agent: Agent;

  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly real: Connection,
    private readonly secure?: Secure,
  ) {
    const { ca, cert, key } = real;
    this.agent = new Agent({ keepAlive: true, ca, cert, key });
  }

  get address(): string {
    return `${this.secure ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    const answer: RequestListener = (incoming, response) => {
      const what = `${incoming.method} ${incoming.url}`;
      this.asked.push(what);
      const fate = this.fault?.(response, { what, count: this.asked.length });
      if (fate === 'answered') return;
      const headers = passedOn(incoming.headers);
      const url = new URL(incoming.url ?? '/', this.real.server);
      const sent = request(url, { method: incoming.method, headers, agent: this.agent }, (answer) => {
        if (fate === 'done unheard') {
          answer.resume().on('end', () => cut(incoming));
          return;
        }
        response.writeHead(answer.statusCode ?? 500, passedOn(answer.headers));
        answer.pipe(response);
      });
      sent.on('error', () => response.destroy());
      // What has been sent is done, although nobody may hear of it.
      response.on('close', () => incoming.method === 'GET' && sent.destroy());
      incoming.pipe(sent);
    };
    // HTTP/2 is served by the same kind of function, whose types are others.
    const server = (this.server = this.secure
      ? (createSecureServer(this.secure, answer as never) as unknown as Server)
      : createServer(answer));
    server.on(this.secure ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.sockets.add(socket.once('close', () => this.sockets.delete(socket)));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve).unref();
    });
  }

  /** Nobody listens from now on, and what is open is cut; the port is kept for the next `listen`. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    for (const socket of this.sockets) socket.destroy();
    this.agent.destroy();
    await closed;
  }
}

/** Cuts the connection that it came over. */
export function cut(request: IncomingMessage | Http2ServerRequest): void {
  if ('stream' in request) request.stream.session?.destroy();
  else request.socket.destroy();
}

/** Without what is of one connection, or of HTTP/2 only. */
function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(:|(host|connection|keep-alive|transfer-encoding)$)/.test(name),
  );
  return Object.fromEntries(kept);
}
