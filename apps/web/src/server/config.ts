export interface Config {
  port: number;
  logLevel: string;
  pricingUrl: URL;
  executionUrl: URL;
  blotterUrl: URL;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws Error that names the variable, and what was expected. */
export function readConfig(env: Variables): Config {
  const port = Number(env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`PORT must be a whole number from 1 to 65535, not ${JSON.stringify(env.PORT)}`);
  }
  return {
    port,
    logLevel: env.LOG_LEVEL ?? 'info',
    pricingUrl: address(env, 'PRICING_URL', 'http://pricing'),
    executionUrl: address(env, 'EXECUTION_URL', 'http://execution'),
    blotterUrl: address(env, 'BLOTTER_URL', 'http://blotter'),
  };
}

function address(env: Variables, name: string, example: string): URL {
  const value = env[name];
  if (value === undefined || !/^http:/.test(value) || !URL.canParse(value)) {
    throw new Error(`${name} must be an address such as ${example}, not ${JSON.stringify(value)}`);
  }
  return new URL(value);
}
