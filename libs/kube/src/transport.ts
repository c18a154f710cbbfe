import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Connection } from './connection';
import { UserError } from '@berth/model';
import { newCredentials } from './cluster-hint';
import { connectionError } from './connection-error';
import {
  answerError,
  strangerError,
  type ApiError,
  type UnreachableError,
  type Attempt,
  type StatusBody,
} from './errors';
import { Patience } from './patience';
import { ServerClock } from './server-clock';

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With leading slash. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal;
  /** Milliseconds without a byte after which the request is given up; never when 0, the connection's when absent. */
  idleMs?: number;
  /** Told of each warning that the server gives with its answer. */
  onWarning?: ((text: string) => void) | undefined;
  /** On a connection that is not counted: it may stay open for long, and must not keep others from being sent. */
  uncounted?: boolean;
  /** Whether doing it twice is as good as once, so that it may be tried again when its answer was lost. */
  repeatable?: boolean;
  /** Tried once only: whoever asks has a time of its own for the next try. */
  once?: boolean;
  /** Given, nothing is sent any more: no request, and no further try of one. */
  stop?: AbortSignal | undefined;
}

/** HTTP to one API server over kept-alive connections. */
export class Transport {
  private readonly agent: http.Agent;
  private readonly uncounted: http.Agent;
  private readonly certificateEnds: Date | undefined;
  readonly clock = new ServerClock();
  /** Of a server that does not answer all requests tell the same: each is passed on once, until one succeeds. */
  private readonly told = new Set<string>();
  private readonly patience: Patience;
  private readCertificates: SecureContext | undefined;

  constructor(readonly connection: Connection) {
    const { cert, serverName, insecure, server } = connection;
    const agent = (maxSockets: number): http.Agent => {
      const keep = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets };
      if (server.startsWith('http:')) return new http.Agent(keep);
      const name = serverName ? { servername: serverName } : {};
      return new https.Agent({ ...keep, ...name, rejectUnauthorized: !insecure });
    };
    this.patience = new Patience(connection.patienceMs);
    this.agent = agent(64);
    this.uncounted = agent(Infinity);
    this.certificateEnds = cert ? endOf(cert, connection) : undefined;
  }

  /** Sends a request and parses the answer's JSON. @throws ApiError, UnreachableError. */
  async json<Body>(request: Request): Promise<Body> {
    const text = await this.text(request);
    try {
      return (text ? JSON.parse(text) : {}) as Body;
    } catch {
      throw strangerError(`it gave no JSON but ${JSON.stringify(text.slice(0, 40))}`, this.attempt(request));
    }
  }

  /** Sends a request and reads the whole answer. @throws ApiError, UnreachableError. */
  async text(request: Request): Promise<string> {
    const begun = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.open(request);
        const text = await this.read(response, request);
        this.patience.answered();
        this.told.clear();
        for (const warning of warningsIn(response)) request.onWarning?.(warning);
        return text;
      } catch (error) {
        const again = this.patience.after(error, request, attempt, begun);
        if (!again || request.once || request.signal?.aborted) throw error;
        this.tell(again.why);
        await pause(again.waitMs, request.stop);
      }
    }
  }

  /** Sends a request and returns the answer while it is still arriving. @throws ApiError, UnreachableError. */
  async stream(request: Request): Promise<http.IncomingMessage> {
    try {
      return await this.open(request);
    } catch (error) {
      this.patience.failed(error);
      throw error;
    }
  }

  /** The error of an answer to this request that no API server gives. */
  stranger(request: Request, answer: string): UnreachableError {
    return strangerError(answer, this.attempt(request));
  }

  close(): void {
    this.agent.destroy();
    this.uncounted.destroy();
  }

  /** Read once: each of many connections would read them anew. */
  private get certificates(): SecureContext {
    const { ca, cert, key, insecure } = this.connection;
    // Without any, all that the machine trusts are read, for a server whose certificate nobody looks at.
    return (this.readCertificates ??= createSecureContext({ ca: insecure ? [] : ca, cert, key }));
  }

  private async open(request: Request): Promise<http.IncomingMessage> {
    const { method, query = {}, body, signal, idleMs = this.connection.idleMs ?? 30_000 } = request;
    request.stop?.throwIfAborted();
    const url = new URL(this.connection.server + request.path);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const payload =
      body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : jsonText(body));
    const headers: Record<string, string | number> = {
      accept: request.accept ?? 'application/json',
      'user-agent': 'berth',
      ...(payload
        ? { 'content-type': request.contentType ?? 'application/json', 'content-length': payload.length }
        : {}),
      ...(await this.connection.authorization?.()),
    };
    const asked = performance.now();
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const send = url.protocol === 'http:' ? http.request : https.request;
      const sent = send(
        url,
        {
          method,
          headers,
          agent: request.uncounted ? this.uncounted : this.agent,
          ...(url.protocol === 'https:' && { secureContext: this.certificates }),
          ...(signal ? { signal } : {}),
          timeout: idleMs,
        },
        resolve,
      );
      sent.on('timeout', () =>
        sent.destroy(Object.assign(new Error(`no answer for ${idleMs} ms`), { code: 'ETIMEDOUT' })),
      );
      sent.on('error', reject);
      sent.end(payload);
    }).catch((error: Error) => {
      // Thrown, and not emitted, where certificate or key are no such thing.
      throw signal?.aborted ? error : connectionError(error, this.attempt(request));
    });
    this.clock.learn(response.headers.date, asked, performance.now());
    const { statusCode = 500 } = response;
    if (statusCode < 300) return response;
    if (statusCode < 400) {
      response.resume();
      const { location = '' } = response.headers;
      throw strangerError(`HTTP status ${statusCode}, to ${location}`, this.attempt(request));
    }
    throw await this.failure(response, request);
  }

  private tell(message: string): void {
    const line = `API server ${this.connection.server}: ${message}`;
    if (this.told.has(line)) return;
    this.told.add(line);
    this.connection.onRetry?.(line);
  }

  private async failure(response: http.IncomingMessage, request: Request): Promise<ApiError> {
    const text = await this.read(response, request).catch(() => '');
    let body: StatusBody;
    try {
      body = JSON.parse(text) as StatusBody;
    } catch {
      const isPage = /^text\/html/.test(response.headers['content-type'] ?? '');
      body = { message: (!isPage && text.trim().slice(0, 1000)) || undefined } as StatusBody;
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
    const { server, description, kubectl, cluster } = this.connection;
    return {
      method,
      path,
      server: `${server} (${description})`,
      kubectl,
      ...(cluster === undefined ? {} : { cluster }),
      now: new Date(),
      ...(this.certificateEnds ? { certificateEnds: this.certificateEnds } : {}),
    };
  }
}

/** The texts of the Warning headers (RFC 7234, 5.5): `299 - "would violate PodSecurity …"`. */
function warningsIn({ headersDistinct }: http.IncomingMessage): string[] {
  const quoted = (headersDistinct['warning'] ?? []).join(', ').matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...quoted].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}

/** @throws UserError when it is no certificate */
function endOf(cert: string | Buffer, { description, cluster }: Connection): Date {
  try {
    return new Date(new X509Certificate(cert).validTo);
  } catch (error) {
    throw new UserError(
      `The client certificate of ${description} cannot be read: ${(error as Error).message}.`,
      newCredentials(cluster),
      { cause: error },
    );
  }
}

/** Ends early when it is told to stop. */
async function pause(milliseconds: number, stop?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, stop ? { signal: stop } : {}).catch(() => undefined);
}

/** JSON that is YAML too: the server reads what is applied as YAML, which folds some of these and refuses others. */
function jsonText(body: unknown): string {
  return JSON.stringify(body).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
