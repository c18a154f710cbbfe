import http from 'node:http';
import { json as jsonOf, text as textOf } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { dockerCommand } from './address';
import { openConnection, type Connection } from './connection';
import { DockerError, isLeaderless, leaderless, mayPass, noAnswer, wasNotSent } from './errors';

/**
 * Of version 1 of the API: the oldest that can drop a container's capabilities in a service (Docker 20.10), and the newest
 * that Berth was written for.
 */
const versions = { oldest: 41, newest: 44 };
const tries = 4;
const pauseMs = 250;
/** Milliseconds that managers get to choose a leader, which takes them ten to twenty seconds, and between two questions. */
const leaderMs = 30_000;
const leaderPauseMs = 500;

export interface DockerOptions {
  /** `unix:///…`, `tcp://…` or `ssh://…`. */
  address: string;
  /** Folder of certificates for TCP. */
  certificates?: string;
  /** Told of each request that is tried again. */
  onRetry?: (message: string) => void;
  /** Milliseconds without an answer after which a request is given up; a minute when absent. */
  idleMs?: number;
  /** Runs ssh; this machine's programs when absent. */
  runner?: Runner;
}

export interface Question {
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON; a Buffer as it is. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** May take as long as it wants between two parts of the answer. */
  patient?: boolean;
  signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Speaks to one dockerd by its API (https://docs.docker.com/reference/api/engine/). */
export class DockerClient {
  readonly address: string;
  #open: Promise<Connection> | undefined;
  #version: Promise<string> | undefined;
  /** By how much dockerd's clock is ahead of ours, in milliseconds. */
  #ahead = 0;

  constructor(private readonly options: DockerOptions) {
    this.address = options.address;
  }

  /** How a person asks the same dockerd. */
  get docker(): string {
    return dockerCommand(this.address, this.options.certificates).join(' ');
  }

  /** By dockerd's clock, to the second. */
  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  get<Answer>(path: string, question?: Question): Promise<Answer> {
    return this.#again('GET', path, question, async (answer) => (await jsonOf(answer)) as Answer);
  }

  /** Undefined when there is none. */
  async find<Answer>(path: string, question?: Question): Promise<Answer | undefined> {
    try {
      return await this.get<Answer>(path, question);
    } catch (error) {
      if (error instanceof DockerError && error.status === 404) return undefined;
      throw error;
    }
  }

  async post<Answer = unknown>(path: string, question?: Question): Promise<Answer> {
    const text = await this.#again('POST', path, question, (answer) => textOf(answer));
    // What makes an image answers by lines, of which the last one counts.
    const last = text.trim().split('\n').at(-1) ?? '';
    return (last.startsWith('{') || last.startsWith('[') ? JSON.parse(last) : undefined) as Answer;
  }

  async put(path: string, question?: Question): Promise<void> {
    await this.#again('PUT', path, question, (answer) => textOf(answer));
  }

  /** @returns false when there was none */
  async delete(path: string, question?: Question): Promise<boolean> {
    try {
      await this.#again('DELETE', path, question, (answer) => textOf(answer));
      return true;
    } catch (error) {
      if (error instanceof DockerError && error.status === 404) return false;
      throw error;
    }
  }

  /** An answer that goes on: logs, events. */
  stream(path: string, question: Question = {}): Promise<http.IncomingMessage> {
    return this.#again('GET', path, { ...question, patient: true }, async (answer) => answer);
  }

  /** The same of what must be posted to begin: a program in a container. */
  posted(path: string, question: Question = {}): Promise<http.IncomingMessage> {
    return this.#again('POST', path, { ...question, patient: true }, async (answer) => answer);
  }

  /** A client that begins no request once that is aborted. */
  stoppedBy(signal: AbortSignal): DockerClient {
    const stopped = Object.create(this) as DockerClient;
    const refusing =
      <Arguments extends unknown[], Result>(ask: (...given: Arguments) => Promise<Result>) =>
      async (...given: Arguments): Promise<Result> => {
        signal.throwIfAborted();
        return ask(...given);
      };
    stopped.get = refusing(this.get.bind(this)) as DockerClient['get'];
    stopped.find = refusing(this.find.bind(this)) as DockerClient['find'];
    stopped.post = refusing(this.post.bind(this)) as DockerClient['post'];
    stopped.put = refusing(this.put.bind(this));
    stopped.delete = refusing(this.delete.bind(this));
    stopped.stream = refusing(this.stream.bind(this));
    stopped.now = this.now.bind(this);
    stopped.stoppedBy = this.stoppedBy.bind(this);
    Object.defineProperty(stopped, 'docker', { value: this.docker });
    return stopped;
  }

  close(): void {
    this.#open?.then(({ close }) => close()).catch(() => undefined);
    this.#open = undefined;
  }

  /** What may be done twice, or was not sent, is tried again. */
  async #again<Answer>(
    method: Method,
    path: string,
    question: Question = {},
    read: (answer: http.IncomingMessage) => Promise<Answer>,
  ): Promise<Answer> {
    const began = Date.now();
    let isTold = false;
    for (let tried = 1; ; tried++) {
      try {
        const version = path === '/version' ? '' : `/v${await this.#negotiated()}`;
        return await read(await this.#ask(method, `${version}${path}`, question));
      } catch (error) {
        if (question.signal?.aborted) throw question.signal.reason;
        if (error instanceof DockerError && isLeaderless(error)) {
          if (Date.now() - began > leaderMs) throw leaderless(this.address, error);
          if (!isTold) this.options.onRetry?.(`${this.address}: the managers of the Swarm choose a leader`);
          isTold = true;
          await pause(leaderPauseMs * (0.5 + Math.random()));
          tried--;
          continue;
        }
        const passes = error instanceof DockerError ? mayPass(error) : !(error instanceof UserError);
        const again = passes && (method === 'GET' || wasNotSent(error));
        if (!again || tried >= tries) {
          throw error instanceof UserError ? error : noAnswer(this.address, this.docker, error);
        }
        this.options.onRetry?.(
          `${method} ${path} at ${this.address}: ${(error as Error).message}; try ${tried + 1} of ${tries}`,
        );
        await pause(pauseMs * 2 ** (tried - 1) * (0.5 + Math.random()));
      }
    }
  }

  #negotiated(): Promise<string> {
    this.#version ??= this.get<ApiVersions>('/version').then(({ ApiVersion, MinAPIVersion }) => {
      const minor = minorOf(ApiVersion);
      // A dockerd that refuses what Berth was written for is asked in the oldest that it takes.
      const least = Math.max(versions.newest, minorOf(MinAPIVersion ?? '1.0'));
      if (minor >= versions.oldest) return `1.${Math.min(minor, least)}`;
      throw new UserError(
        `dockerd at ${this.address} speaks version ${ApiVersion} of its API; Berth needs 1.${versions.oldest}, which Docker 20.10 has.`,
        'Install a newer Docker there.',
      );
    });
    // Whoever asks next asks anew.
    this.#version.catch(() => (this.#version = undefined));
    return this.#version;
  }

  async #ask(
    method: Method,
    path: string,
    { query = {}, body, headers = {}, patient = false, signal }: Question,
  ): Promise<http.IncomingMessage> {
    const { ask, explain } = await this.#connection();
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      ),
    ).toString();
    const isBytes = Buffer.isBuffer(body);
    const content = body === undefined || isBytes ? body : JSON.stringify(body);
    const sent = ask({
      method,
      path: search === '' ? path : `${path}?${search}`,
      headers: {
        ...(content === undefined
          ? {}
          : {
              'content-type': isBytes ? 'application/x-tar' : 'application/json',
              'content-length': Buffer.byteLength(content as string | Buffer),
            }),
        ...headers,
      },
      ...(signal ? { signal } : {}),
    });
    const idleMs = this.options.idleMs ?? 60_000;
    if (!patient) {
      const stuck = () => sent.destroy(new Error(`no answer within ${idleMs / 1000} s`));
      sent.setTimeout(idleMs, stuck);
    }
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject);
    });
    sent.end(content);
    const answer = await answered.catch((error: unknown) => {
      throw explain(error) ?? error;
    });
    // An error after that is the reader's.
    sent.on('error', (error) => answer.destroy(error));
    const date = Date.parse(answer.headers.date ?? '');
    if (!Number.isNaN(date)) this.#ahead = date - Date.now();
    const status = answer.statusCode ?? 0;
    if (status < 400) return answer;
    const message = messageIn(await textOf(answer));
    throw explain(new Error(message)) ?? new DockerError(message, status);
  }

  /** Whoever asks after it was lost gets another one. */
  #connection(): Promise<Connection> {
    if (this.#open) return this.#open;
    const open = openConnection(this.options);
    this.#open = open;
    const forget = () => {
      if (this.#open === open) this.#open = undefined;
    };
    open.then(({ ended }) => ended?.then(forget), forget);
    return open;
  }
}

/** What dockerd answers at `/version`. */
interface ApiVersions {
  ApiVersion: string;
  /** Docker 29 refuses what is older. */
  MinAPIVersion?: string;
}

/** `1.44` is newer than `1.5`. */
function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

/** dockerd answers `{"message": "…"}`. */
function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.trim();
  }
}
