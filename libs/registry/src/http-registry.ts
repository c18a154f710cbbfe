import { UserError } from '@berth/model';
import { Agent } from 'undici';
import { Authorizer } from './authorizer';
import type { CredentialSource } from './docker-config';
import { tlsExpected } from './no-answer';
import { parseReference, registryOrigin, type ImageReference } from './reference';
import type { Registry } from './registry';
import { sendToRegistry, type Patience, type RegistryAnswer, type RegistryRequest } from './send';

/** Both kinds of manifest and both kinds of index: docker pushes Docker's, buildah and podman OCI's. */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export interface HttpRegistryOptions extends Omit<Patience, 'dispatcher'> {
  credentials?: CredentialSource;
  /** Connections to one registry at a time; 16 when absent. Further requests wait. */
  connections?: number;
}

/** Asks registries by the OCI distribution API (specification 1.1, "Pulling manifests"). */
export class HttpRegistry implements Registry {
  readonly #agent: Agent;
  readonly #authorizer: Authorizer;
  readonly #patience: Patience;
  /** By origin: asked whether it is a registry. */
  readonly #greeted = new Map<string, Promise<void>>();

  constructor({ credentials = () => undefined, connections = 16, ...patience }: HttpRegistryOptions = {}) {
    const { timeoutMs = 10_000 } = patience;
    this.#agent = new Agent({ connections, pipelining: 1, connect: { timeout: timeoutMs } });
    this.#patience = { ...patience, timeoutMs, dispatcher: this.#agent };
    this.#authorizer = new Authorizer(credentials, (url, init) => this.#send(url, init));
  }

  async digestOf(reference: string): Promise<string | undefined> {
    const parsed = parseReference(reference);
    const url = manifestUrl(parsed);
    await this.#greet(registryOrigin(parsed.registry));
    const { statusCode, headers } = await this.#ask('HEAD', url, parsed);
    if (statusCode === 404) return undefined;
    if (statusCode !== 200) throw unexpected(statusCode, 'HEAD', url, parsed);
    const digest = headers['docker-content-digest'];
    // An old registry may leave it out of the answer to HEAD; the specification asks for it only when it can.
    if (typeof digest === 'string') return digest;
    if (parsed.digest) return parsed.digest;
    throw new UserError(
      `${url} answered without a Docker-Content-Digest header, so the digest is unknown.`,
      `See what answers: curl -I ${url}`,
    );
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

  /**
   * Asks once whether a registry is there at all (specification 1.1, end-1), before it is asked for images: one that
   * is down is waited for and told once and not for every image, and what is no registry is not taken for one that
   * lacks them all.
   */
  #greet(origin: string): Promise<void> {
    const known = this.#greeted.get(origin);
    if (known) return known;
    const url = `${origin}/v2/`;
    const greeted = this.#send(url, { method: 'GET' }).then((answer) => refuseStranger(url, answer));
    this.#greeted.set(origin, greeted);
    // Whoever waits gets the error; the next question asks anew.
    greeted.catch(() => this.#greeted.delete(origin));
    return greeted;
  }

  #send(url: string, init: RegistryRequest): Promise<RegistryAnswer> {
    return sendToRegistry(url, init, this.#patience);
  }
}

/** A login that is wanted is answered later; what is no registry, or not well, can be asked for nothing. */
function refuseStranger(url: string, { statusCode, headers, text }: RegistryAnswer): void {
  const { origin } = new URL(url);
  if (statusCode === 400 && /HTTP request to an HTTPS server/i.test(text)) {
    throw tlsExpected({ method: 'GET', url, tried: 1 });
  }
  const type = String(headers['content-type'] ?? '');
  if (statusCode === 404 || type.startsWith('text/html')) {
    throw new UserError(
      `What answers at ${origin} is no image registry: GET ${url} gave HTTP ${statusCode}${type ? ` (${type})` : ''}.`,
      `See what it is: curl -i ${url}\nThe registry is named in the options of @berth/nx in nx.json.`,
    );
  }
  if (statusCode === 429 || statusCode >= 500) throw notWell(statusCode, 'GET', url);
}

function manifestUrl({ registry, repository, tag, digest }: ImageReference): string {
  return `${registryOrigin(registry)}/v2/${repository}/manifests/${digest ?? tag ?? 'latest'}`;
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
  return notWell(statusCode, method, url);
}

function notWell(statusCode: number, method: string, url: string): UserError {
  const { origin, host } = new URL(url);
  return new UserError(
    `The registry ${host} cannot be asked: ${method} ${url} gave HTTP ${statusCode}.`,
    statusCode === 429
      ? `It has had too many requests: wait, then run the same command again. Who logs in may send more: docker login ${host}`
      : `See whether it is well: curl -i ${origin}/v2/`,
  );
}
