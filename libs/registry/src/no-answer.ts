import { UserError } from '@berth/model';

/** What was sent and how often, for the messages. */
export interface Sent {
  method: string;
  url: string;
  tried: number;
}

interface Fault {
  message: (host: string) => string;
  hint: (url: URL) => string;
  /** Whether another try may succeed. */
  passes: boolean;
}

const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

const isItUp = ({ origin, hostname }: URL) =>
  `See whether it runs: curl -i ${origin}/v2/${isThisMachine(hostname) ? "\nThe local cluster's registry comes up with: npm start" : ''}`;

/** The error of a registry, or of its token server, that gave no answer which could be read. */
export function noAnswer(error: unknown, { method, url, tried }: Sent): UserError {
  const target = new URL(url);
  const { message, hint } = faultOf(error, target);
  const often = tried === 1 ? 'tried once' : `tried ${tried} times`;
  return new UserError(
    `The registry at ${target.origin} does not answer: ${message(target.hostname)} (${method} ${url}, ${often}).`,
    hint(target),
    { cause: error },
  );
}

/** Whether the same request may get an answer when it is sent again. */
export function mayPass(error: unknown, url: string): boolean {
  return faultOf(error, new URL(url)).passes;
}

/** The problem in a few words, for a line of the log. */
export function problemOf(error: unknown, url: string): string {
  const target = new URL(url);
  return faultOf(error, target).message(target.hostname);
}

function faultOf(error: unknown, { protocol }: URL): Fault {
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      message: (host) => `the name ${host} does not resolve (${code})`,
      hint: ({ hostname }) =>
        `See whether the name is right (registry in the options of @berth/nx in nx.json) and whether DNS answers: getent hosts ${hostname}`,
      passes: true,
    };
  }
  if (/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/.test(code)) {
    const what =
      code === 'UND_ERR_CONNECT_TIMEOUT'
        ? 'no connection in time'
        : 'it takes the connection and stays silent';
    return { message: () => `${what} (${code})`, hint: isItUp, passes: true };
  }
  if (CERTIFICATE.test(code)) {
    return {
      message: () => `its certificate is not trusted (${code})`,
      hint: ({ host, port }) =>
        `See it: openssl s_client -connect ${port ? host : `${host}:443`}\nOf an authority of your own: NODE_EXTRA_CA_CERTS=<its certificate, PEM> before the command`,
      passes: false,
    };
  }
  if (protocol === 'https:' && (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO')) {
    return {
      message: () => `it does not speak TLS (${code})`,
      hint: ({ host }) =>
        `Berth speaks plain http to registries on this machine only. See what answers: curl -i http://${host}/v2/`,
      passes: false,
    };
  }
  if (protocol === 'http:' && code.startsWith('HPE_')) return speaksTls;
  return { message: () => messageOf(error), hint: isItUp, passes: true };
}

/** A registry on this machine is asked by plain http. */
const speaksTls: Fault = {
  message: () => 'it does not speak plain http; perhaps it speaks TLS',
  hint: ({ host }) =>
    `Berth speaks plain http to registries on this machine. See what answers: curl -ik https://${host}/v2/`,
  passes: false,
};

/** A server of Go tells by an answer that it speaks TLS. */
export function tlsExpected(sent: Sent): UserError {
  const url = new URL(sent.url);
  return new UserError(
    `The registry at ${url.origin} cannot be asked: ${speaksTls.message(url.hostname)} (${sent.method} ${sent.url}).`,
    speaksTls.hint(url),
  );
}

function codeOf(error: unknown): string {
  const { code, cause, errors } = error as { code?: string; cause?: unknown; errors?: unknown[] };
  if (code) return code;
  // A name with several addresses gives an AggregateError; fetch wraps what happened.
  const inner = errors?.[0] ?? cause;
  return inner ? codeOf(inner) : '';
}

function messageOf(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message: string; errors?: Error[] };
  return errors?.map((inner) => inner.message).join(', ') || message || code || String(error);
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
