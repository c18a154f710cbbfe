import { addressOf, portOf, type Variables } from '@berth/http-service';

export interface Config {
  port: number;
  logLevel: string;
  pricingUrl: URL;
  executionUrl: URL;
  blotterUrl: URL;
}

/** @throws Error that names the variable, and what was expected. */
export function readConfig(env: Variables): Config {
  // Requests and websockets are passed on without TLS.
  const address = (name: string, example: string) => addressOf(env, name, example, /^http:/);
  return {
    port: portOf(env),
    logLevel: env.LOG_LEVEL ?? 'info',
    pricingUrl: address('PRICING_URL', 'http://pricing'),
    executionUrl: address('EXECUTION_URL', 'http://execution'),
    blotterUrl: address('BLOTTER_URL', 'http://blotter'),
  };
}
