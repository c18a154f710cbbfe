export interface Settings {
  /** Milliseconds between two sweeps. */
  intervalMs: number;
  logLevel: string;
  port: number;
}

/** @throws Error that names the variable, and what was expected */
export function readSettings({
  INTERVAL_SECONDS = '60',
  LOG_LEVEL = 'info',
  PORT = '8080',
}: NodeJS.ProcessEnv): Settings {
  const seconds = Number(INTERVAL_SECONDS);
  if (!(seconds >= 1 && seconds <= 86_400)) {
    throw new Error(
      `INTERVAL_SECONDS must be a number of seconds from 1 to 86400, not ${JSON.stringify(INTERVAL_SECONDS)}`,
    );
  }
  return { intervalMs: seconds * 1000, logLevel: LOG_LEVEL, port: Number(PORT) };
}
