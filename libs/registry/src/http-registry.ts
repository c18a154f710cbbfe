import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@berth/model';
import { Agent, request, type Dispatcher } from 'undici';
import { Authorizer } from './authorizer';
import type { CredentialSource } from './docker-config';
import { parseReference, registryOrigin, type ImageReference } from './reference';
import type { Registry } from './registry';

/** Both kinds of manifest and both kinds of index: docker pushes Docker's, buildah and podman OCI's. */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export interface HttpRegistryOptions {
  credentials?: CredentialSource;
  /** Connections to one registry at a time; 16 when absent. Further requests wait. */
  connections?: number;
  /** Tries of one request in all; 4 when absent. */
  tries?: number;
  /** Milliseconds until the first repetition, doubled for each further one; 200 when absent. */
  pauseMs?: number;
  /** Milliseconds for the headers of an answer; 10,000 when absent. */
  timeoutMs?: number;
  /** Told of each repetition. */
  onRetry?: (message: string) => void;
}

/** Asks registries by the OCI distribution API (specification 1.1, "Pulling manifests"). */
export class HttpRegistry implements Registry {
  readonly #agent: Agent;
  readonly #authorizer: Authorizer;
  readonly #options: Required<Omit<HttpRegistryOptions, 'credentials'>>;

  constructor({ credentials = () => undefined, ...options }: HttpRegistryOptions = {}) {
    this.#options = {
      connections: 16,
      tries: 4,
      pauseMs: 200,
      timeoutMs: 10_000,
      onRetry: () => undefined,
      ...options,
    };
    const { connections, timeoutMs } = this.#options;
    this.#agent = new Agent({
      connections,
      pipelining: 1,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    this.#authorizer = new Authorizer(credentials, (url, init) => this.#send(url, init));
  }

  async digestOf(reference: string): Promise<string | undefined> {
    const parsed = parseReference(reference);
    const url = manifestUrl(parsed);
    const { statusCode, headers } = await this.#ask('HEAD', url, parsed);
    if (statusCode === 404) return undefined;
    if (statusCode !== 200) throw unexpected(statusCode, 'HEAD', url, parsed);
    const digest = headers['docker-content-digest'];
    // An old registry may leave it out of the answer to HEAD; the specification asks for it only when it can.
    if (typeof digest === 'string') return digest;
    if (parsed.digest) return parsed.digest;
    throw new UserError(`${url} answered without a Docker-Content-Digest header, so the digest is unknown.`);
  }

  async has(reference: string): Promise<boolean> {
    return (await this.digestOf(reference)) !== undefined;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #ask(method: 'HEAD' | 'GET', url: string, reference: ImageReference) {
    const headers = { accept: MANIFEST_TYPES };
    const authorization = this.#authorizer.known(reference);
    const first = await this.#send(url, {
      method,
      headers: { ...headers, ...(authorization && { authorization }) },
    });
    if (first.statusCode !== 401) return first;
    const challenge = first.headers['www-authenticate'];
    const answer = await this.#authorizer.answer([challenge ?? []].flat().join(', '), reference);
    return answer ? this.#send(url, { method, headers: { ...headers, authorization: answer } }) : first;
  }

  /** Sends a request, again after connection errors, 429 and 5xx. The body is read to its end. */
  async #send(
    url: string,
    init: { method: Dispatcher.HttpMethod; headers?: Record<string, string> },
  ): Promise<{ statusCode: number; headers: Dispatcher.ResponseData['headers']; text: string }> {
    const { tries, pauseMs, onRetry } = this.#options;
    for (let tried = 1; ; tried++) {
      let problem: string;
      let wait = pauseMs * 2 ** (tried - 1);
      try {
        const { statusCode, headers, body } = await request(url, { ...init, dispatcher: this.#agent });
        const text = await body.text();
        if (tried === tries || (statusCode !== 429 && statusCode < 500)) return { statusCode, headers, text };
        problem = `HTTP ${statusCode}`;
        const after = Number(headers['retry-after']);
        if (after > 0) wait = Math.min(after * 1000, 10_000);
      } catch (error) {
        problem = connectionProblem(error);
        if (tried === tries) {
          throw new UserError(
            `The registry at ${new URL(url).origin} does not answer: ${problem} (${init.method}, tried ${tries} times).`,
            `See whether it runs: curl -i ${new URL(url).origin}/v2/`,
            { cause: error },
          );
        }
      }
      onRetry(`${init.method} ${url}: ${problem}; try ${tried + 1} of ${tries}`);
      // Full jitter around the pause, so that many requests that failed together do not come back together.
      await delay(wait * (0.5 + Math.random()));
    }
  }
}

function manifestUrl({ registry, repository, tag, digest }: ImageReference): string {
  return `${registryOrigin(registry)}/v2/${repository}/manifests/${digest ?? tag ?? 'latest'}`;
}

function connectionProblem(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message: string; errors?: Error[] };
  // A name with several addresses gives an AggregateError without a message of its own.
  return message || errors?.map((inner) => inner.message).join(', ') || code || String(error);
}

function unexpected(
  statusCode: number,
  method: string,
  url: string,
  { registry }: ImageReference,
): UserError {
  if (statusCode === 401 || statusCode === 403) {
    return new UserError(
      `The registry ${registry} does not let us read: ${method} ${url} gave HTTP ${statusCode}.`,
      `docker login ${registry}\nCredential helpers (credsStore, credHelpers) are not read; the login must be in "auths" of the Docker configuration.`,
    );
  }
  return new UserError(
    `The registry ${registry} cannot be asked: ${method} ${url} gave HTTP ${statusCode}.`,
    `See whether it is well: curl -i ${registryOrigin(registry)}/v2/`,
  );
}
