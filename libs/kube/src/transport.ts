import { X509Certificate } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { Slots, UserError } from '@berth/model';
import type { Connection } from './connection';
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
import type { Answer, Outgoing } from './exchange';
import { Http1 } from './http1';
import { Http2 } from './http2';
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
  /** Does not wait until others have their answers. */
  atOnce?: boolean;
  /** Whether doing it twice is as good as once, so that it may be tried again when its answer was lost. */
  repeatable?: boolean;
  /** Tried once only: whoever asks has a time of its own for the next try. */
  once?: boolean;
  /** Given, nothing is sent any more: no request, and no further try of one. */
  stop?: AbortSignal | undefined;
}

/** Requests that wait for their answers at a time; more would only wait in the server. */
const AT_ONCE = 64;
/** Milliseconds without a byte after which a request is given up, where nothing else is said. */
const IDLE_MS = 30_000;

/** HTTP to one API server: 2 where it speaks that, which is asked once. */
export class Transport {
  private readonly http1: Http1;
  private readonly http2: Http2 | undefined;
  private readonly slots = new Slots(AT_ONCE);
  private readonly certificateEnds: Date | undefined;
  readonly clock = new ServerClock();
  /** Of a server that does not answer all requests tell the same: each is passed on once, until one succeeds. */
  private readonly told = new Set<string>();
  private readonly patience: Patience;
  private readCertificates: SecureContext | undefined;

  constructor(readonly connection: Connection) {
    const { cert, serverName, insecure, server, idleMs = IDLE_MS } = connection;
    const tls = { ...(serverName ? { servername: serverName } : {}), rejectUnauthorized: !insecure };
    const secureContext = () => this.certificates;
    this.http1 = new Http1(tls, secureContext);
    this.http2 = server.startsWith('https:') ? new Http2(tls, secureContext, idleMs) : undefined;
    this.patience = new Patience(connection.patienceMs);
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
        const { headers, text } = await (request.atOnce
          ? this.whole(request)
          : this.slots.run(() => this.whole(request)));
        this.patience.answered();
        this.told.clear();
        for (const warning of warningsIn(headers)) request.onWarning?.(warning);
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
  async stream(request: Request): Promise<Answer['body']> {
    try {
      return (await this.open(request)).body;
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
    this.http1.close();
    this.http2?.close();
  }

  /** Read once: each of many connections would read them anew. */
  private get certificates(): SecureContext {
    const { ca, cert, key, insecure } = this.connection;
    // Without any, all that the machine trusts are read, for a server whose certificate nobody looks at.
    return (this.readCertificates ??= createSecureContext({ ca: insecure ? [] : ca, cert, key }));
  }

  private async whole(request: Request): Promise<{ headers: Answer['headers']; text: string }> {
    const { headers, body } = await this.open(request);
    return { headers, text: await this.read(body, request) };
  }

  private async open(request: Request): Promise<Answer> {
    const { method, query = {}, body, signal, idleMs = this.connection.idleMs ?? IDLE_MS } = request;
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
    const answer = await this.send({ method, url, headers, payload, signal, idleMs }).catch(
      (error: Error) => {
        throw signal?.aborted ? error : connectionError(error, this.attempt(request));
      },
    );
    this.clock.learn(answer.headers['date'], asked, performance.now());
    const { status } = answer;
    if (status < 300) return answer;
    if (status < 400) {
      await discard(answer);
      throw strangerError(
        `HTTP status ${status}, to ${answer.headers['location'] ?? ''}`,
        this.attempt(request),
      );
    }
    throw await this.failure(answer, request);
  }

  private async send(outgoing: Outgoing): Promise<Answer> {
    return (await this.http2?.send(outgoing)) ?? this.http1.send(outgoing);
  }

  private tell(message: string): void {
    const line = `API server ${this.connection.server}: ${message}`;
    if (this.told.has(line)) return;
    this.told.add(line);
    this.connection.onRetry?.(line);
  }

  private async failure(answer: Answer, request: Request): Promise<ApiError> {
    const text = await this.read(answer.body, request).catch(() => '');
    let body: StatusBody;
    try {
      body = JSON.parse(text) as StatusBody;
    } catch {
      const isPage = /^text\/html/.test(answer.headers['content-type'] ?? '');
      body = { message: (!isPage && text.trim().slice(0, 1000)) || undefined } as StatusBody;
    }
    const error = answerError(answer.status, body, this.attempt(request));
    const after = Number(answer.headers['retry-after'] ?? body.details?.retryAfterSeconds);
    return after > 0 ? Object.assign(error, { retryAfterMs: after * 1000 }) : error;
  }

  private async read(body: Answer['body'], request: Request): Promise<string> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of body) chunks.push(chunk);
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
function warningsIn({ warning = '' }: Answer['headers']): string[] {
  const quoted = warning.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...quoted].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}

/** Ends the exchange without reading all of it. */
async function discard({ body }: Answer): Promise<void> {
  await body.next();
  await body.return(undefined);
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
