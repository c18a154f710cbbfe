import { portOf, type Variables } from '@berth/http-service';

export interface Config {
  port: number;
  logLevel: string;
  /** `tcp://<host>:<port>` */
  storeUrl: URL;
  storePassword: string;
}

/** @throws Error that names the variable, and what was expected. Never shows the password. */
export function readConfig(env: Variables): Config {
  const url = env.STORE_URL;
  if (url === undefined || !/^tcp:\/\/[^/@]+:\d+\/?$/.test(url) || !URL.canParse(url)) {
    throw new Error(`STORE_URL must be an address such as tcp://store:5432, not ${JSON.stringify(url)}`);
  }
  if (!env.STORE_PASSWORD) throw new Error('STORE_PASSWORD must be the password of the store');
  return {
    port: portOf(env),
    logLevel: env.LOG_LEVEL ?? 'info',
    storeUrl: new URL(url),
    storePassword: env.STORE_PASSWORD,
  };
}
