export interface Config {
  port: number;
  logLevel: string;
  referenceUrl: URL;
  /** Milliseconds from one price to the next. */
  tickMs: number;
}

/** @throws Error that names the variable, and what was expected. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return {
    port: whole(env, 'PORT', 8080, 1, 65535),
    logLevel: env.LOG_LEVEL ?? 'info',
    referenceUrl: address(env, 'REFERENCE_URL'),
    tickMs: whole(env, 'TICK_MS', 1000, 50, 60_000),
  };
}

function address(env: Readonly<Record<string, string | undefined>>, name: string): URL {
  const value = env[name];
  if (value === undefined || !/^https?:/.test(value) || !URL.canParse(value)) {
    throw new Error(`${name} must be an address such as http://reference, not ${JSON.stringify(value)}`);
  }
  return new URL(value);
}

function whole(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  otherwise: number,
  min: number,
  max: number,
): number {
  const value = Number(env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not ${JSON.stringify(env[name])}`);
  }
  return value;
}
