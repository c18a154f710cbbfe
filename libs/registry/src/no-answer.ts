import { UserError } from '@berth/model';
import { isOnThisMachine } from './reference';

/** What was sent and how often, for the messages. */
export interface Sent {
  method: string;
  url: string;
  tried: number;
}

interface Fault {
  /** What is wrong, in a few words. */
  message: string;
  hint: string;
  /** Whether another try may succeed. */
  passes: boolean;
}

const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

/** What a server says to a client that shows no certificate, or one that it does not take (RFC 8446, 6.2). */
const CERTIFICATE_WANTED =
  /^ERR_SSL_\w+_ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA)$/;

/** The error of a registry, or of its token server, that gave no answer which could be read. */
export function noAnswer(error: unknown, { method, url, tried }: Sent): UserError {
  if (isTlsExpected(error, new URL(url))) return new TlsExpectedError(url, error);
  const { message, hint } = faultOf(error, new URL(url));
  const often = tried === 1 ? 'tried once' : `tried ${tried} times`;
  return new UserError(
    `The registry at ${new URL(url).origin} does not answer: ${message} (${method} ${url}, ${often}).`,
    hint,
    { cause: error },
  );
}

/** Whether the same request may get an answer when it is sent again. */
export function mayPass(error: unknown, url: string): boolean {
  return faultOf(error, new URL(url)).passes;
}

/** The problem in a few words, for a line of the log. */
export function problemOf(error: unknown, url: string): string {
  return faultOf(error, new URL(url)).message;
}

function faultOf(error: unknown, url: URL): Fault {
  const code = codeOf(error);
  const isItUp = `See whether it runs: curl -i ${url.origin}/v2/${isOnThisMachine(url.hostname) ? "\nThe local cluster's registry comes up with: npm start" : ''}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      message: `the name ${url.hostname} does not resolve (${code})`,
      hint: `See whether the name is right (registry in the options of @berth/nx in nx.json) and whether DNS answers: getent hosts ${url.hostname}`,
      passes: true,
    };
  }
  if (error instanceof SilenceError) return { message: error.message, hint: isItUp, passes: true };
  if (url.protocol === 'http:') {
    return { message: messageOf(error), hint: isItUp, passes: !isTlsExpected(error, url) };
  }
  const certificate = `\nIf it asks for a client certificate, put yours where docker finds it too: /etc/docker/certs.d/${url.host}/client.cert, and its key beside it, client.key`;
  if (CERTIFICATE_WANTED.test(code)) {
    const message = `it wants a client certificate that it knows (${code})`;
    return { message, hint: isItUp + certificate, passes: false };
  }
  // Its alert may come after the end of the connection, and is not read any more then.
  const closed = code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('ERR_SSL_');
  return (
    tlsFaultOf(code, url) ?? {
      message: messageOf(error),
      hint: closed ? isItUp + certificate : isItUp,
      passes: true,
    }
  );
}

/** What goes wrong before a TLS connection stands; undefined for anything else. */
function tlsFaultOf(code: string, { host, hostname, port }: URL): Fault | undefined {
  const see = `openssl s_client -connect ${hostname}:${port || 443} </dev/null | openssl x509 -noout`;
  const final = (what: string, hint: string) => ({ message: `${what} (${code})`, hint, passes: false });
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return final(
      'its certificate is not valid today',
      `Compare its dates with the clock of this machine: date; ${see} -dates`,
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return final(
      `its certificate is not for the name ${hostname}`,
      `Name the registry as its certificate does: ${see} -ext subjectAltName`,
    );
  }
  if (CERTIFICATE.test(code)) {
    return final(
      'its certificate is not trusted',
      `See who signed it: ${see} -issuer\nIf that is an authority of your own, put its certificate (PEM) where docker finds it too: /etc/docker/certs.d/${host}/ca.crt\nOr, for Berth alone: NODE_EXTRA_CA_CERTS=<its certificate> before the command`,
    );
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
    return final(
      'it does not speak TLS',
      `See what answers: curl -i http://${host}/v2/\nBerth speaks plain http to registries on this machine, and to those that "insecureRegistries" of @berth/nx in nx.json names.`,
    );
  }
  return undefined;
}

/** A registry that was asked by plain http answered something else, most likely TLS. */
export class TlsExpectedError extends UserError {
  override readonly name = 'TlsExpectedError';
  constructor(url: string, cause?: unknown) {
    const { origin, host } = new URL(url);
    super(
      `The registry at ${origin} does not speak plain http; perhaps it speaks TLS (${url}).`,
      `See what answers: curl -ik https://${host}/v2/`,
      { cause },
    );
  }
}

/** Nothing came for as long as is waited. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
  constructor(isConnecting: boolean) {
    super(isConnecting ? 'no connection in time' : 'it takes the connection and stays silent');
  }
}

/** The first bytes of the answer are none of HTTP. */
function isTlsExpected(error: unknown, { protocol }: URL): boolean {
  return protocol === 'http:' && codeOf(error) === 'HPE_INVALID_CONSTANT';
}

export function codeOf(error: unknown): string {
  const { code, cause, errors } = error as { code?: string; cause?: unknown; errors?: unknown[] };
  if (code) return code;
  // A name with several addresses gives an AggregateError; fetch wraps what happened.
  const inner = errors?.[0] ?? cause;
  return inner ? codeOf(inner) : '';
}

function messageOf(error: unknown): string {
  if (codeOf(error) === 'ECONNRESET') return 'it closed the connection (ECONNRESET)';
  const { code, message, errors } = error as { code?: string; message: string; errors?: Error[] };
  return errors?.map((inner) => inner.message).join(', ') || message || code || String(error);
}
