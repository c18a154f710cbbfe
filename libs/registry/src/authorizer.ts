import { UserError } from '@berth/model';
import type { CredentialSource, Credentials } from './docker-config';
import { registryOrigin, type ImageReference } from './reference';

type Send = (
  url: string,
  init: { method: 'GET'; headers?: Record<string, string> },
) => Promise<{ statusCode: number; text: string }>;

/** Seconds that a token is good for when the server does not say (distribution's token specification). */
const DEFAULT_SECONDS = 60;

/**
 * Answers a registry's 401: by user and password (`Basic`), or by a token from the server that it names
 * (`Bearer`, distribution's token specification), anonymous where there are no credentials.
 */
export class Authorizer {
  readonly #known = new Map<string, { header: string; until: number }>();

  constructor(
    private readonly credentials: CredentialSource,
    private readonly send: Send,
    private readonly now: () => number = Date.now,
  ) {}

  /** The Authorization header that this repository took before, while it is good. */
  known(reference: ImageReference): string | undefined {
    const entry = this.#known.get(keyOf(reference));
    return entry && entry.until > this.now() ? entry.header : undefined;
  }

  /** The Authorization header for a WWW-Authenticate challenge; undefined when there is nothing to answer with. */
  async answer(challenge: string, reference: ImageReference): Promise<string | undefined> {
    const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(challenge) ?? [];
    const credentials = this.credentials(reference.registry);
    switch (scheme.toLowerCase()) {
      case 'basic': {
        if (!credentials || !('user' in credentials)) return undefined;
        return this.#keep(reference, basic(credentials), Infinity);
      }
      case 'bearer':
        return this.#token(parametersOf(rest), credentials, reference);
      default:
        return undefined;
    }
  }

  async #token(
    parameters: Record<string, string>,
    credentials: Credentials | undefined,
    reference: ImageReference,
  ): Promise<string> {
    const { realm, service } = parameters;
    if (!realm || !isSafe(realm, reference)) {
      throw new UserError(
        `The registry ${reference.registry} wants a token from "${realm ?? ''}", which is no https address.`,
      );
    }
    const url = new URL(realm);
    if (service) url.searchParams.set('service', service);
    url.searchParams.set('scope', parameters['scope'] ?? `repository:${reference.repository}:pull`);
    const headers: Record<string, string> =
      credentials && 'user' in credentials ? { authorization: basic(credentials) } : {};
    if (credentials && 'identityToken' in credentials) {
      throw new UserError(
        `The login for ${reference.registry} is an identity token, which Berth cannot use yet.`,
        `docker login ${reference.registry} with a user and an access token`,
      );
    }
    const { statusCode, text } = await this.send(url.href, { method: 'GET', headers });
    const body = statusCode === 200 ? parsedToken(text) : undefined;
    const token = body?.token ?? body?.access_token;
    if (!body || !token) {
      throw new UserError(
        `${url.origin} gave no token for ${reference.registry}/${reference.repository}: HTTP ${statusCode}.`,
        `docker login ${reference.registry}`,
      );
    }
    // A little earlier than it ends, for the way there.
    const seconds = Math.max((body.expires_in ?? DEFAULT_SECONDS) - 5, 0);
    return this.#keep(reference, `Bearer ${token}`, this.now() + seconds * 1000);
  }

  #keep(reference: ImageReference, header: string, until: number): string {
    this.#known.set(keyOf(reference), { header, until });
    return header;
  }
}

/** Credentials go out over https only, or to this machine when the registry is on it too. */
function isSafe(realm: string, { registry }: ImageReference): boolean {
  if (!URL.canParse(realm)) return false;
  const { protocol, host } = new URL(realm);
  if (protocol === 'https:') return true;
  return (
    protocol === 'http:' &&
    registryOrigin(registry).startsWith('http:') &&
    registryOrigin(host).startsWith('http:')
  );
}

function parsedToken(
  text: string,
): { token?: string; access_token?: string; expires_in?: number } | undefined {
  try {
    return JSON.parse(text) as { token?: string; access_token?: string; expires_in?: number };
  } catch {
    return undefined;
  }
}

function basic({ user, password }: { user: string; password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function keyOf({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}

/** `realm="…",service="…"` as an object (RFC 9110, 11.2). */
function parametersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
      ([, name = '', quoted, plain]) => [
        name.toLowerCase(),
        quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '',
      ],
    ),
  );
}
