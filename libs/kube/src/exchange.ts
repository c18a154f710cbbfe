/** A request as it goes over a connection. */
export interface Outgoing {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string | number>>;
  payload: Buffer | undefined;
  signal: AbortSignal | undefined;
  /** Milliseconds without a byte after which it is given up; never when 0. */
  idleMs: number;
}

/** An answer whose body is still arriving. */
export interface Answer {
  status: number;
  /** By their names in lower case; what came several times is one, with commas. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Throws when it is cut. Whoever stops reading ends the exchange. */
  body: AsyncGenerator<Buffer>;
}

/** The error of a server that has been silent for so long. */
export function silence(idleMs: number): Error {
  return Object.assign(new Error(`no answer for ${idleMs} ms`), { code: 'ETIMEDOUT' });
}
