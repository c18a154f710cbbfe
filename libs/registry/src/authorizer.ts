import { UserError } from '@berth/model';
import { challengeIn } from './challenge';
import type { Credentials, CredentialSource } from './credentials';
import type { ImageReference, MayBePlain } from './reference';
import type { RegistryRequest } from './send';

type Send = (url: string, request: RegistryRequest) => Promise<{ statusCode: number; text: string }>;

interface TokenAnswer {
  token?: string;
  access_token?: string;
  expires_in?: number;
  /** Why there is none: Docker Hub's, and OAuth's. */
  details?: string;
  error?: string;
  error_description?: string;
}

/** Seconds that a token is good for when the server does not say (distribution's token specification). */
const DEFAULT_SECONDS = 60;

/** Says to a token server who asks; it may use it for nothing but its logs. */
const CLIENT = 'berth';

/**
 * Answers a registry's 401: by user and password (`Basic`), or by a token from the server that it names (`Bearer`,
 * distribution's token specification), anonymous where there are no credentials. For an identity token the server is
 * asked by OAuth2 (distribution's spec/auth/oauth).
 */
export class Authorizer {
  readonly #known = new Map<string, { header: string; until: number }>();

  constructor(
    private readonly credentials: CredentialSource,
    private readonly mayBePlain: MayBePlain,
    private readonly send: Send,
    private readonly now: () => number = Date.now,
  ) {}

  /** The Authorization header that this repository took before, while it is good. */
  known(reference: ImageReference): string | undefined {
    const entry = this.#known.get(keyOf(reference));
    return entry && entry.until > this.now() ? entry.header : undefined;
  }

  /** The Authorization header for a WWW-Authenticate challenge; undefined when there is nothing to answer with. */
  async answer(header: string, reference: ImageReference): Promise<string | undefined> {
    const challenge = challengeIn(header);
    if (!challenge) return undefined;
    if (challenge.scheme === 'bearer') return this.#token(challenge.parameters, reference);
    const credentials = await this.credentials.find(reference.registry);
    if (!credentials || !('user' in credentials)) return undefined;
    return this.#keep(reference, basic(credentials), Infinity);
  }

  async #token(parameters: Record<string, string>, reference: ImageReference): Promise<string> {
    const { realm } = parameters;
    if (!realm || !this.#isSafe(realm, reference)) {
      throw new UserError(
        `The registry ${reference.registry} wants a token from "${realm ?? ''}", which is no https address.`,
        'If its network is safe, name registry and token server, each as host:port, in "insecureRegistries" of @berth/nx in nx.json.',
      );
    }
    const credentials = await this.credentials.find(reference.registry);
    const scope = parameters['scope'] ?? `repository:${reference.repository}:pull`;
    const { statusCode, text } = await this.#ask(realm, { ...parameters, scope }, credentials);
    const answer = parsed(text);
    const token = answer.token ?? answer.access_token;
    if (statusCode !== 200 || !token) throw this.#refused(realm, reference, credentials, statusCode, answer);
    // A little earlier than it ends, for the way there.
    const seconds = Math.max((answer.expires_in ?? DEFAULT_SECONDS) - 5, 0);
    return this.#keep(reference, `Bearer ${token}`, this.now() + seconds * 1000);
  }

  #ask(
    realm: string,
    { service = '', scope = '' }: Record<string, string>,
    credentials: Credentials | undefined,
  ): ReturnType<Send> {
    if (credentials && 'identityToken' in credentials) {
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: credentials.identityToken,
        client_id: CLIENT,
        service,
        scope,
      }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return this.send(realm, { method: 'POST', headers, body: () => form });
    }
    const url = new URL(realm);
    if (service) url.searchParams.set('service', service);
    url.searchParams.set('scope', scope);
    const headers = credentials && { authorization: basic(credentials) };
    return this.send(url.href, { method: 'GET', ...(headers && { headers }) });
  }

  #refused(
    realm: string,
    { registry, repository }: ImageReference,
    credentials: Credentials | undefined,
    statusCode: number,
    { details, error_description, error }: TokenAnswer,
  ): UserError {
    const { origin } = new URL(realm);
    const why = details ?? error_description ?? error;
    return new UserError(
      `${origin} gave no token for ${registry}/${repository}, asked ${howAsked(credentials)}: HTTP ${statusCode}${typeof why === 'string' ? ` (${why})` : ''}.`,
      statusCode === 429 || statusCode >= 500
        ? `Wait, then run the same command again. See whether it is well: curl -i ${origin}`
        : this.credentials.advice(registry),
    );
  }

  /** Credentials go out over https, or where a person allowed the registry and its token server to do without. */
  #isSafe(realm: string, { registry }: ImageReference): boolean {
    if (!URL.canParse(realm)) return false;
    const { protocol, host } = new URL(realm);
    if (protocol === 'https:') return true;
    return protocol === 'http:' && this.mayBePlain(registry) && this.mayBePlain(host);
  }

  #keep(reference: ImageReference, header: string, until: number): string {
    this.#known.set(keyOf(reference), { header, until });
    return header;
  }
}

function howAsked(credentials: Credentials | undefined): string {
  if (!credentials) return 'without a login';
  return 'user' in credentials ? `as ${credentials.user}` : 'with an identity token';
}

/** Empty when it is no JSON object. */
function parsed(text: string): TokenAnswer {
  try {
    return Object(JSON.parse(text)) as TokenAnswer;
  } catch {
    return {};
  }
}

function basic({ user, password }: { user: string; password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function keyOf({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}
