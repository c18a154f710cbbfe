import { portOf, wholeOf, type Variables } from '@berth/http-service';

export interface Settings {
  /** Milliseconds between two sweeps. */
  intervalMs: number;
  logLevel: string;
  port: number;
}

/** @throws Error that names the variable, and what was expected */
export function readSettings(env: Variables): Settings {
  return {
    intervalMs: wholeOf(env, 'INTERVAL_SECONDS', { otherwise: 60, min: 1, max: 86_400 }) * 1000,
    logLevel: env.LOG_LEVEL ?? 'info',
    port: portOf(env),
  };
}
