import { randomUUID, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { KeyPair } from '@berth/exec/src/testing-authority';

/** What a token server was asked, its parameters from the address or the form. */
export interface TokenQuestion {
  method: string;
  authorization?: string;
  parameters: Record<string, string>;
}

/**
 * A token server as Docker Hub's: everyone gets tokens for the public repositories, who logs in also those for their
 * own, and a token for another repository reaches nowhere. Its tokens are JWTs that a registry with `registryAuth` in
 * its configuration verifies. For tests.
 */
export class TestTokenServer {
  readonly asked: TokenQuestion[] = [];
  /** Seconds that its tokens are good for. */
  seconds = 300;
  /** Answers in its place; true when it did. */
  fault: ((response: ServerResponse) => boolean) | undefined;
  /** What signs its tokens. */
  signer: KeyPair;

  private constructor(
    private readonly server: Server,
    private readonly authority: KeyPair,
  ) {
    this.signer = authority;
  }

  /** @param authority also signs the tokens @param tls what it shows who connects */
  static async start(authority: KeyPair, tls: KeyPair): Promise<TestTokenServer> {
    const server = createServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const tokens = new TestTokenServer(server, authority);
    server.on('request', (request, response) => void tokens.#answer(request, response));
    return tokens;
  }

  get host(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  get registryAuth(): object {
    return {
      token: {
        realm: `https://${this.host}/token`,
        service: 'registry.docker.io',
        issuer: 'auth.docker.io',
        rootcertbundle: this.authority.certificate,
      },
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const { searchParams } = new URL(request.url ?? '/', 'https://localhost');
    const parameters = Object.fromEntries(
      method === 'POST' ? new URLSearchParams(await text(request)) : searchParams,
    );
    const { authorization } = headers;
    this.asked.push({ method, parameters, ...(authorization && { authorization }) });
    if (this.fault?.(response)) return;
    const user = method === 'POST' ? userOfToken(parameters) : userOfHeader(authorization);
    if (user === undefined) {
      response.writeHead(401).end(JSON.stringify({ details: 'incorrect username or password' }));
      return;
    }
    const token = this.#token(user, parameters['service'] ?? '', parameters['scope'] ?? '');
    const name = method === 'POST' ? 'access_token' : 'token';
    response.end(JSON.stringify({ [name]: token, expires_in: this.seconds }));
  }

  #token(user: string, service: string, scope: string): string {
    const [type, name = '', actions = ''] = scope.split(':');
    const may = name.startsWith('library/') || (user !== '' && name.startsWith(`${user}/`));
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'auth.docker.io',
      sub: user,
      aud: service,
      iat: now,
      nbf: now - 10,
      exp: now + 300,
      jti: randomUUID(),
      access: may ? [{ type, name, actions: actions.split(',') }] : [],
    };
    const chain = [new X509Certificate(readFileSync(this.signer.certificate)).raw.toString('base64')];
    const [header, body] = [{ typ: 'JWT', alg: 'ES256', x5c: chain }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const key = { key: readFileSync(this.signer.key), dsaEncoding: 'ieee-p1363' as const };
    const signature = sign('sha256', Buffer.from(`${header}.${body}`), key).toString('base64url');
    return `${header}.${body}.${signature}`;
  }
}

/** Empty for nobody; undefined for a login that is wrong. */
function userOfHeader(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return '';
  const [user, password] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  return password === 'secret' ? user : undefined;
}

function userOfToken({ grant_type, refresh_token = '' }: Record<string, string>): string | undefined {
  return grant_type === 'refresh_token' ? /^identity of (\w+)$/.exec(refresh_token)?.[1] : undefined;
}
