export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** Says one thing, with its values as fields. */
export type Log = Readonly<
  Record<Level, (message: string, fields?: Readonly<Record<string, unknown>>) => void>
>;

export function isLevel(text: string): text is Level {
  return (LEVELS as readonly string[]).includes(text);
}

/** A log of one line of JSON each: `{"time":"…","level":"info","message":"…",…}`. */
export function createLog(level: Level, write: (line: string) => void, now: () => Date): Log {
  const at =
    (own: Level) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
      write(`${JSON.stringify({ time: now().toISOString(), level: own, message, ...fields })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** What a log says of an error. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
