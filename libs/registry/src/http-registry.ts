import { UserError } from '@berth/model';
import { Authorizer } from './authorizer';
import type { CertificateSource } from './certificates';
import { challengeIn } from './challenge';
import { Connections } from './connections';
import { anonymous, type CredentialSource } from './credentials';
import { TlsExpectedError } from './no-answer';
import {
  parseReference,
  plainHttpFor,
  registryHost,
  withDigest,
  type ImageReference,
  type MayBePlain,
} from './reference';
import type { CommandReader, ImageContent, ImageReader, Manifest, Registry } from './registry';
import { sendToRegistry, type Patience, type RegistryAnswer, type RegistryRequest } from './send';

/** Both kinds of manifest and both kinds of index: docker pushes Docker's, buildah and podman OCI's. */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** What servers that expect TLS answer to plain http: Go's, and nginx. */
const TLS_EXPECTED = /HTTP request (to an HTTPS server|was sent to HTTPS port)/i;

export interface HttpRegistryOptions extends Patience {
  /** Asked when a registry wants to know who we are; anonymous when absent. */
  credentials?: CredentialSource;
  certificates?: CertificateSource;
  /** Host and port of registries that may be asked by plain http, beside those on this machine. */
  insecureRegistries?: readonly string[];
  /** Connections to one registry at a time; 16 when absent. Further requests wait. */
  connections?: number;
}

/** Asks registries by the OCI distribution API (specification 1.1, "Pulling manifests"). */
export class HttpRegistry implements Registry, ImageReader, CommandReader {
  readonly #connections: Connections;
  readonly #credentials: CredentialSource;
  readonly #authorizer: Authorizer;
  readonly #mayBePlain: MayBePlain;
  readonly #patience: Patience;
  /** By registry: where it answers. */
  readonly #origins = new Map<string, Promise<string>>();

  constructor({
    credentials = anonymous,
    certificates = () => undefined,
    insecureRegistries = [],
    connections = 16,
    ...patience
  }: HttpRegistryOptions = {}) {
    this.#connections = new Connections({ certificates, most: connections });
    this.#patience = patience;
    this.#credentials = credentials;
    this.#mayBePlain = plainHttpFor(insecureRegistries);
    this.#authorizer = new Authorizer(credentials, this.#mayBePlain, (url, init) => this.#send(url, init));
  }

  async digestOf(reference: string): Promise<string | undefined> {
    const parsed = parseReference(reference);
    const { registry } = parsed;
    const url = await this.#manifestUrl(parsed);
    const { statusCode, headers } = await this.#ask('HEAD', url, parsed);
    if (statusCode === 404 || (await this.#isHidden(registry, { statusCode, headers }))) return undefined;
    if (statusCode !== 200) throw this.#unexpected({ statusCode, headers }, 'HEAD', url, registry);
    const answered = headers['docker-content-digest'];
    // An old registry may leave it out of the answer to HEAD; the specification asks for it only when it can.
    if (typeof answered === 'string') return answered;
    if (parsed.digest) return parsed.digest;
    throw new UserError(
      `${url} answered without a Docker-Content-Digest header, so the digest is unknown.`,
      `See what answers: curl -I ${url}`,
    );
  }

  async has(reference: string): Promise<boolean> {
    return (await this.digestOf(reference)) !== undefined;
  }

  async contentOf(reference: string): Promise<ImageContent[]> {
    const parsed = parseReference(reference);
    const url = await this.#manifestUrl(parsed);
    const answer = await this.#ask('GET', url, parsed);
    if (answer.statusCode !== 200) throw this.#unexpected(answer, 'GET', url, parsed.registry);
    const { manifests, config, layers } = JSON.parse(answer.text) as Manifest;
    if (manifests === undefined) return config && layers ? [{ config, layers }] : [];
    const images = manifests.map(({ digest }) => this.contentOf(withDigest(reference, digest)));
    return (await Promise.all(images)).flat();
  }

  async commandOf(reference: string): Promise<string[] | undefined> {
    if (!(await this.has(reference))) return undefined;
    const parsed = parseReference(reference);
    for (const { config } of await this.contentOf(reference)) {
      const command = commandIn(await this.#blob(parsed, config.digest));
      // An index also has manifests that only say how its images were made.
      if (command) return command;
    }
    return [];
  }

  async #blob(reference: ImageReference, digest: string): Promise<string> {
    const { registry, repository } = reference;
    const url = `${await this.#origin(registry)}/v2/${repository}/blobs/${digest}`;
    const answer = await this.#ask('GET', url, reference);
    const { location } = answer.headers;
    // Where it is kept elsewhere: the address itself says that we may read it, and our login is not for there.
    const kept =
      answer.statusCode >= 300 && answer.statusCode < 400 && location !== undefined
        ? await this.#send(new URL(location, url).href, { method: 'GET' })
        : answer;
    if (kept.statusCode !== 200) throw this.#unexpected(kept, 'GET', url, registry);
    return kept.text;
  }

  async hasBlob(reference: string, digest: string): Promise<boolean> {
    const parsed = parseReference(reference);
    const { registry, repository } = parsed;
    const url = `${await this.#origin(registry)}/v2/${repository}/blobs/${digest}`;
    const answer = await this.#ask('HEAD', url, parsed);
    // Some keep blobs elsewhere and send there; to know that it is there is enough.
    if (answer.statusCode >= 200 && answer.statusCode < 400) return true;
    if (answer.statusCode === 404 || (await this.#isHidden(registry, answer))) return false;
    throw this.#unexpected(answer, 'HEAD', url, registry);
  }

  close(): void {
    this.#connections.close();
  }

  async #manifestUrl({
    registry,
    repository,
    tag = 'latest',
    digest = tag,
  }: ImageReference): Promise<string> {
    return `${await this.#origin(registry)}/v2/${repository}/manifests/${digest}`;
  }

  async #ask(method: 'HEAD' | 'GET', url: string, reference: ImageReference): Promise<RegistryAnswer> {
    const headers = { accept: MANIFEST_TYPES };
    const authorization = this.#authorizer.known(reference);
    const first = await this.#send(url, {
      method,
      headers: { ...headers, ...(authorization && { authorization }) },
    });
    if (first.statusCode !== 401) return first;
    const answer = await this.#authorizer.answer(challengeOf(first), reference);
    return answer ? this.#send(url, { method, headers: { ...headers, authorization: answer } }) : first;
  }

  /**
   * Docker Hub, and others, say the same of a repository that one may not read and of one that does not exist yet:
   * the token of a good login does not reach that far. The push makes it, or is refused and says so. Who is not
   * logged in is told to.
   */
  async #isHidden(registry: string, answer: Answered): Promise<boolean> {
    if (answer.statusCode !== 401) return false;
    if (challengeIn(challengeOf(answer))?.parameters['error'] !== 'insufficient_scope') return false;
    return (await this.#credentials.find(registry)) !== undefined;
  }

  /**
   * Where a registry answers. Asked once, before it is asked for images (specification 1.1, end-1): one that is down
   * is waited for and told once and not for every image, and what is no registry is not taken for one that lacks
   * them all.
   */
  #origin(registry: string): Promise<string> {
    const known = this.#origins.get(registry);
    if (known) return known;
    const origin = this.#findOrigin(registry);
    this.#origins.set(registry, origin);
    // Whoever waits gets the error; the next question asks anew.
    origin.catch(() => this.#origins.delete(registry));
    return origin;
  }

  async #findOrigin(registry: string): Promise<string> {
    const host = registryHost(registry);
    if (this.#mayBePlain(host)) {
      try {
        return await this.#greet(`http://${host}`, registry);
      } catch (error) {
        if (!(error instanceof TlsExpectedError)) throw error;
      }
    }
    return this.#greet(`https://${host}`, registry);
  }

  /** A login that is wanted is answered later; what is no registry, or not well, can be asked for nothing. */
  async #greet(origin: string, registry: string): Promise<string> {
    const url = `${origin}/v2/`;
    const { statusCode, headers, text } = await this.#send(url, { method: 'GET' });
    if (statusCode === 400 && TLS_EXPECTED.test(text)) throw new TlsExpectedError(url);
    const type = String(headers['content-type'] ?? '');
    if (statusCode === 404 || type.startsWith('text/html')) {
      throw new UserError(
        `What answers at ${origin} is no image registry: GET ${url} gave HTTP ${statusCode}${type ? ` (${type})` : ''}.`,
        `See what it is: curl -i ${url}\nThe registry is named in the options of @berth/nx in nx.json.`,
      );
    }
    if (statusCode === 429 || statusCode >= 500) {
      throw this.#unexpected({ statusCode, headers }, 'GET', url, registry);
    }
    return origin;
  }

  #unexpected({ statusCode, headers }: Answered, method: string, url: string, registry: string): UserError {
    const what = `${method} ${url} gave HTTP ${statusCode}`;
    if (statusCode === 401 || statusCode === 403) {
      return new UserError(
        `The registry ${registry} does not let us read: ${what}.`,
        this.#credentials.advice(registry),
      );
    }
    const seconds = Number(headers['retry-after']);
    return new UserError(
      `The registry ${registry} cannot be asked: ${what}${seconds > 0 ? `, to be asked again after ${seconds} s` : ''}.`,
      statusCode === 429
        ? `It has had too many requests: wait, then run the same command again. Who logs in may send more: docker login ${registry}`
        : `See whether it is well: curl -i ${new URL(url).origin}/v2/`,
    );
  }

  #send(url: string, init: RegistryRequest): Promise<RegistryAnswer> {
    return sendToRegistry(url, init, this.#patience, this.#connections);
  }
}

type Answered = Pick<RegistryAnswer, 'statusCode' | 'headers'>;

function challengeOf({ headers }: Pick<RegistryAnswer, 'headers'>): string {
  return [headers['www-authenticate'] ?? []].flat().join(', ');
}

/** Entrypoint and command of an image's configuration; undefined where it is none, or has neither. */
function commandIn(text: string): string[] | undefined {
  const { config } = JSON.parse(text) as { config?: { Entrypoint?: string[] | null; Cmd?: string[] | null } };
  const command = [...(config?.Entrypoint ?? []), ...(config?.Cmd ?? [])];
  return command.length > 0 ? command : undefined;
}
