import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Connection } from './connection';
import {
  answerError,
  connectionError,
  UnreachableError,
  type ApiError,
  type Attempt,
  type StatusBody,
} from './errors';

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With leading slash. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal;
  /** Milliseconds without a byte after which the request is given up. */
  idleMs?: number;
}

/** How often a request that met an overloaded or restarting server is tried. */
const attempts = 4;

/** HTTP to one API server over kept-alive connections. */
export class Transport {
  private readonly agent: http.Agent;
  private readonly certificateEnds: Date | undefined;
  /** Milliseconds by which the server's clock is ahead of ours. */
  private clockOffset = 0;

  constructor(readonly connection: Connection) {
    const { ca, cert, key, serverName, insecure, server } = connection;
    const keep = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: 64 };
    this.agent = server.startsWith('http:')
      ? new http.Agent(keep)
      : new https.Agent({
          ...keep,
          ca,
          cert,
          key,
          ...(serverName ? { servername: serverName } : {}),
          rejectUnauthorized: !insecure,
        });
    this.certificateEnds = cert ? new Date(new X509Certificate(cert).validTo) : undefined;
  }

  /** The server's clock, as its answers show it: leases compare times of many machines. */
  now(): Date {
    return new Date(Date.now() + this.clockOffset);
  }

  /** Sends a request and parses the answer's JSON. @throws ApiError, UnreachableError. */
  async json<Body>(request: Request): Promise<Body> {
    const text = await this.text(request);
    return (text ? JSON.parse(text) : {}) as Body;
  }

  /** Sends a request and reads the whole answer. @throws ApiError, UnreachableError. */
  async text(request: Request): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.open(request);
        return await this.read(response, request);
      } catch (error) {
        const wait =
          attempt < attempts && !request.signal?.aborted ? retryDelay(error, request, attempt) : undefined;
        if (wait === undefined) throw error;
        await pause(wait);
      }
    }
  }

  /** Sends a request and returns the answer while it is still arriving. @throws ApiError, UnreachableError. */
  async stream(request: Request): Promise<http.IncomingMessage> {
    return this.open(request);
  }

  close(): void {
    this.agent.destroy();
  }

  private async open(request: Request): Promise<http.IncomingMessage> {
    const { method, query = {}, body, signal, idleMs = 30_000 } = request;
    const url = new URL(this.connection.server + request.path);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const payload =
      body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const headers: Record<string, string | number> = {
      accept: request.accept ?? 'application/json',
      'user-agent': 'berth',
      ...(payload
        ? { 'content-type': request.contentType ?? 'application/json', 'content-length': payload.length }
        : {}),
      ...(await this.connection.authorization?.()),
    };
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const send = url.protocol === 'http:' ? http.request : https.request;
      const sent = send(
        url,
        { method, headers, agent: this.agent, ...(signal ? { signal } : {}), timeout: idleMs },
        resolve,
      );
      sent.on('timeout', () =>
        sent.destroy(Object.assign(new Error(`no answer for ${idleMs} ms`), { code: 'ETIMEDOUT' })),
      );
      sent.on('error', (error) =>
        reject(signal?.aborted ? error : connectionError(error, this.attempt(request))),
      );
      sent.end(payload);
    });
    const date = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(date)) this.clockOffset = date + 500 - Date.now();
    if ((response.statusCode ?? 500) < 400) return response;
    throw await this.failure(response, request);
  }

  private async failure(response: http.IncomingMessage, request: Request): Promise<ApiError> {
    const text = await this.read(response, request).catch(() => '');
    let body: StatusBody;
    try {
      body = JSON.parse(text) as StatusBody;
    } catch {
      body = { message: text.trim() || undefined } as StatusBody;
    }
    const error = answerError(response.statusCode ?? 500, body, this.attempt(request));
    const after = Number(response.headers['retry-after'] ?? body.details?.retryAfterSeconds);
    return after > 0 ? Object.assign(error, { retryAfterMs: after * 1000 }) : error;
  }

  private async read(response: http.IncomingMessage, request: Request): Promise<string> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response) chunks.push(chunk as Buffer);
    } catch (error) {
      throw request.signal?.aborted ? error : connectionError(error as Error, this.attempt(request));
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  private attempt({ method, path }: Request): Attempt {
    const { server, description, kubectl } = this.connection;
    return {
      method,
      path,
      server: `${server} (${description})`,
      kubectl,
      now: new Date(),
      ...(this.certificateEnds ? { certificateEnds: this.certificateEnds } : {}),
    };
  }
}

/** Milliseconds until the next try, jittered; undefined when the error is not one that passes. */
function retryDelay(error: unknown, request: Request, attempt: number): number | undefined {
  const jittered = 100 * 2 ** attempt * (0.5 + Math.random());
  const { status, retryAfterMs } = error as { status?: number; retryAfterMs?: number };
  if (status === 429 || (status === 503 && request.method === 'GET'))
    return Math.max(jittered, Math.min(retryAfterMs ?? 0, 10_000));
  const code = (error as { cause?: { code?: string } }).cause?.code;
  // A kept-alive connection that the server has just closed; and applies are safe to repeat, as reads are.
  const repeatable = request.method === 'GET' || request.contentType === applyType;
  return error instanceof UnreachableError && repeatable && (code === 'ECONNRESET' || code === 'EPIPE')
    ? jittered
    : undefined;
}

/** The content type of a server-side apply. */
export const applyType = 'application/apply-patch+yaml';

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
