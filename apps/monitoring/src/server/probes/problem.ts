/** Why a probe failed, in words for people: nothing that an endpoint has sent is in them. */
export class ProbeProblem extends Error {}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'no way leads to it',
  ENETUNREACH: 'no way leads to it',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of its answer are too long',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer is not as long as it says',
};

/** The words for what was thrown while an endpoint was asked. */
export function problemOf(error: unknown): string {
  if (error instanceof ProbeProblem) return error.message;
  // Its code may be one of llhttp's, or none.
  if (error instanceof Error && error.name === 'HTTPParserError') return 'its answer is not HTTP';
  const code = String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
  if (Object.hasOwn(words, code)) return words[code]!;
  return /^[A-Z][A-Z0-9_]{0,40}$/.test(code) ? `it cannot be asked (${code})` : 'it cannot be asked';
}
