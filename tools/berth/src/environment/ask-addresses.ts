import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Slots } from '@berth/model';

/** Milliseconds that an address gets to answer. */
const patienceMs = 2000;

/** Sockets at a time: a process may open a thousand files, and environments can have more addresses. */
const atOnce = 128;

/** What came of asking one address. */
export interface AddressAnswer {
  url: string;
  /** The HTTP status that came; absent when nothing did. */
  status?: number;
  /** Why nothing came, for example `ECONNREFUSED`. */
  problem?: string;
}

/** Asks each address once for its page, side by side. In their order. */
export function askAddresses(
  urls: readonly string[],
  limitMs: number = patienceMs,
): Promise<AddressAnswer[]> {
  const slots = new Slots(atOnce);
  return Promise.all(urls.map((url) => slots.run(() => ask(url, limitMs))));
}

function ask(url: string, limitMs: number): Promise<AddressAnswer> {
  const { protocol, hostname, host, port, pathname } = new URL(url);
  // Names below localhost are this machine (RFC 6761, 6.3), which the C library knows of the bare name only.
  const server = hostname.endsWith('.localhost') ? '127.0.0.1' : hostname;
  const request = protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const asked = request(
      {
        host: server,
        port,
        path: pathname,
        headers: { host },
        agent: false,
        signal: AbortSignal.timeout(limitMs),
      },
      (response) => {
        resolve({ url, status: response.statusCode ?? 0 });
        response.destroy();
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve({
        url,
        problem:
          error.name === 'AbortError' ? `no answer in ${limitMs / 1000} s` : (error.code ?? error.message),
      }),
    );
    asked.end();
  });
}

/** Whether somebody answers there: the gateway has a 502, 503 or 504 where nobody behind it does. */
export function isAnswered({ status }: AddressAnswer): boolean {
  return status !== undefined && ![502, 503, 504].includes(status);
}

/** For example `http://web-staging.localhost/ does not answer: ECONNREFUSED`. */
export function answerLine(answer: AddressAnswer): string {
  const { url, status, problem } = answer;
  if (isAnswered(answer)) return `${url} answers with status ${status}`;
  return `${url} does not answer: ${problem ?? `the gateway has nobody behind it (status ${status})`}`;
}
