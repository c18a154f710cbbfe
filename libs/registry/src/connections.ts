import http from 'node:http';
import https from 'node:https';
import type { SecureContext } from 'node:tls';
import type { CertificateSource } from './certificates';

export interface ConnectionOptions {
  certificates: CertificateSource;
  /** To one origin at a time; further requests wait. */
  most: number;
}

/** Kept-alive connections to registries, and to their token servers. */
export class Connections {
  readonly #plain: http.Agent;
  readonly #secure: https.Agent;
  readonly #certificates: CertificateSource;
  /** By origin: read once, and not for each connection. */
  readonly #contexts = new Map<string, SecureContext | undefined>();

  constructor({ certificates, most }: ConnectionOptions) {
    const options = { keepAlive: true, maxSockets: most };
    this.#plain = new http.Agent(options);
    this.#secure = new https.Agent(options);
    this.#certificates = certificates;
  }

  /** @throws UserError when what was laid down for this origin's TLS cannot be used */
  request(url: URL, options: http.RequestOptions): http.ClientRequest {
    if (url.protocol === 'http:') return http.request(url, { ...options, agent: this.#plain });
    const secureContext = this.#contextOf(url);
    return https.request(url, { ...options, agent: this.#secure, ...(secureContext && { secureContext }) });
  }

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #contextOf(url: URL): SecureContext | undefined {
    const { origin } = url;
    if (!this.#contexts.has(origin)) this.#contexts.set(origin, this.#certificates(url));
    return this.#contexts.get(origin);
  }
}
