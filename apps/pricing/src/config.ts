import { addressOf, portOf, wholeOf, type Variables } from '@berth/http-service';

export interface Config {
  port: number;
  logLevel: string;
  referenceUrl: URL;
  /** Milliseconds from one price to the next. */
  tickMs: number;
}

/** @throws Error that names the variable, and what was expected. */
export function readConfig(env: Variables): Config {
  return {
    port: portOf(env),
    logLevel: env.LOG_LEVEL ?? 'info',
    referenceUrl: addressOf(env, 'REFERENCE_URL', 'http://reference'),
    tickMs: wholeOf(env, 'TICK_MS', { otherwise: 1000, min: 50, max: 60_000 }),
  };
}
