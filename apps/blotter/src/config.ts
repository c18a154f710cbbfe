export interface Config {
  port: number;
  logLevel: string;
  /** `tcp://<host>:<port>` */
  storeUrl: URL;
  storePassword: string;
}

/** @throws Error that names the variable, and what was expected. Never shows the password. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const url = env.STORE_URL;
  if (url === undefined || !/^tcp:\/\/[^/@]+:\d+\/?$/.test(url) || !URL.canParse(url)) {
    throw new Error(`STORE_URL must be an address such as tcp://store:5432, not ${JSON.stringify(url)}`);
  }
  if (!env.STORE_PASSWORD) throw new Error('STORE_PASSWORD must be the password of the store');
  const port = Number(env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`PORT must be a whole number from 1 to 65535, not ${JSON.stringify(env.PORT)}`);
  }
  return {
    port,
    logLevel: env.LOG_LEVEL ?? 'info',
    storeUrl: new URL(url),
    storePassword: env.STORE_PASSWORD,
  };
}
