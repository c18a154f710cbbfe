import http from 'node:http';
import { changeText, tableText, type RouteDifference, type Table } from '@berth/routes';
import { setText, type CertificateSet } from './certificate';

/** Whoever holds the table: nginx, and in tests a stand-in. */
export interface RouteHolder {
  /** The number of the table that it holds; 0 for none. */
  generation(): Promise<number>;
  /** Replaces its whole table. */
  replace(table: Table): Promise<void>;
  /** Changes the table `from` into `generation`. @throws OtherGenerationError when it holds another one. */
  change(from: number, generation: number, difference: RouteDifference): Promise<void>;
}

/** A part of nginx that can be told that its pod ends. */
export interface Leaver {
  /** From now on each answer is the last of its connection. */
  leave(): Promise<void>;
}

/** Whoever holds the certificates. */
export interface CertificateHolder {
  /** The number of the set that it holds; 0 for none. */
  certificatesGeneration(): Promise<number>;
  /** Replaces its whole set. */
  replaceCertificates(set: CertificateSet): Promise<void>;
}

/** nginx holds another table than the one that was to be changed; nothing was changed. */
export class OtherGenerationError extends Error {
  override readonly name = 'OtherGenerationError';
  constructor(readonly held: number) {
    super(`nginx holds generation ${held}`);
  }
}

interface Answer {
  status: number;
  text: string;
}

/** Milliseconds without an answer after which a request is given up. */
const TIMEOUT_MS = 5000;

/** The admin interface of nginx: HTTP with JSON on a unix socket that only its own user may open. */
export class NginxClient implements RouteHolder, CertificateHolder, Leaver {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly socketPath: string,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async generation(): Promise<number> {
    return generationIn(expectOk(await this.#ask('GET', '/table')));
  }

  async replace(table: Table): Promise<void> {
    expectGeneration(expectOk(await this.#ask('PUT', '/table', tableText(table))), table.generation);
  }

  async change(from: number, generation: number, difference: RouteDifference): Promise<void> {
    const answer = await this.#ask('PATCH', '/table', changeText(from, generation, difference));
    if (answer.status === 409) throw new OtherGenerationError(generationIn(answer.text));
    expectGeneration(expectOk(answer), generation);
  }

  async certificatesGeneration(): Promise<number> {
    return generationIn(expectOk(await this.#ask('GET', '/certificates')));
  }

  async replaceCertificates(set: CertificateSet): Promise<void> {
    expectGeneration(expectOk(await this.#ask('PUT', '/certificates', setText(set))), set.generation);
  }

  async leave(): Promise<void> {
    expectOk(await this.#ask('PUT', '/leaving', ''));
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(
    method: 'GET' | 'PUT' | 'PATCH',
    path: '/table' | '/certificates' | '/leaving',
    body?: string,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          socketPath: this.socketPath,
          path,
          method,
          agent: this.#agent,
          timeout: this.timeoutMs,
          headers: {
            host: 'gateway',
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
        },
      );
      request.on('timeout', () =>
        request.destroy(new Error(`nginx gave no answer for ${this.timeoutMs} ms`)),
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}

function expectOk({ status, text }: Answer): string {
  if (status !== 200) throw new Error(`nginx answered ${status}: ${text.trim().slice(0, 200)}`);
  return text;
}

function generationIn(text: string): number {
  const generation = (JSON.parse(text) as { generation?: unknown } | null)?.generation;
  if (typeof generation !== 'number' || !Number.isInteger(generation) || generation < 0) {
    throw new Error(`nginx named no generation: ${text.trim().slice(0, 200)}`);
  }
  return generation;
}

function expectGeneration(text: string, expected: number): void {
  const generation = generationIn(text);
  if (generation !== expected) throw new Error(`nginx took generation ${generation}, not ${expected}`);
}
