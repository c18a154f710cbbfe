import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { hasToken, isSameText } from '@berth/http-service';

export interface AccessOptions {
  token: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** The domain that the page's own Service has; undefined while it is not known. */
  domain: () => string | undefined;
  /** Whether a page of the domain localhost asks nobody for the token. */
  openOnLocalhost: boolean;
}

const cookieName = 'berth-monitoring';
/** A working day. */
const sessionMs = 12 * 3_600_000;

/**
 * Who may see the page: whoever has the token, in `Authorization: Bearer` or as a session that the login form gave. In
 * an environment whose domain is localhost also who asks for a host of localhost. No address is looked at: behind the
 * gateway it is never the client's own.
 */
export class Access {
  constructor(private readonly options: AccessOptions) {}

  allows(headers: IncomingHttpHeaders): boolean {
    return (
      hasToken(headers, this.options.token) ||
      this.#isSession(cookieOf(headers.cookie)) ||
      this.#isOpen(headers.host)
    );
  }

  isToken(text: string): boolean {
    return isSameText(text, this.options.token);
  }

  /** The header that begins a session. @param secure that the browser speaks TLS */
  sessionCookie(secure: boolean): string {
    const end = this.options.now() + sessionMs;
    const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${sessionMs / 1000}`];
    return [`${cookieName}=${end}.${this.#sign(end)}`, ...attributes, ...(secure ? ['Secure'] : [])].join(
      '; ',
    );
  }

  /** Its end and a signature by the token: it holds over a restart, and not beyond another token. */
  #isSession(cookie: string | undefined): boolean {
    const [, end, signature] = /^(\d{1,15})\.([\w-]+)$/.exec(cookie ?? '') ?? [];
    if (end === undefined || signature === undefined) return false;
    return isSameText(signature, this.#sign(Number(end))) && Number(end) > this.options.now();
  }

  #sign(end: number): string {
    return createHmac('sha256', this.options.token).update(`session until ${end}`).digest('base64url');
  }

  #isOpen(host: string | undefined): boolean {
    const { openOnLocalhost, domain } = this.options;
    return openOnLocalhost && isLocalhost(domain()) && isLocalhost(host?.replace(/:\d+$/, ''));
  }
}

/** `localhost` and what is below it: this machine, to every browser (RFC 6761, 6.3). */
function isLocalhost(name: string | undefined): boolean {
  return name !== undefined && /^([a-z0-9-]+\.)*localhost$/i.test(name);
}

function cookieOf(header: string | undefined): string | undefined {
  const cookies = (header ?? '').split(';').map((each) => each.trim());
  return cookies.find((each) => each.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
}
