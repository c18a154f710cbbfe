import { addressOf, portOf, type Variables } from '@berth/http-service';

export interface Config {
  port: number;
  logLevel: string;
  pricingUrl: URL;
  blotterUrl: URL;
}

/** @throws Error that names the variable, and what was expected. */
export function readConfig(env: Variables): Config {
  return {
    port: portOf(env),
    logLevel: env.LOG_LEVEL ?? 'info',
    pricingUrl: addressOf(env, 'PRICING_URL', 'http://pricing'),
    blotterUrl: addressOf(env, 'BLOTTER_URL', 'http://blotter'),
  };
}
