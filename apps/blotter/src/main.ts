import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from './config';
import { PostgresStore } from './postgres-store';
import { createServer } from './server';
import { untilMigrated } from './until-migrated';

/** Role and database, as the service `store` makes them. */
const DATABASE = 'blotter';

const config = readConfig(process.env);
let waitingFor: string | undefined = 'connecting to store';
const store = new PostgresStore({
  url: config.storeUrl,
  name: DATABASE,
  password: config.storePassword,
  onIdleError: (error) => server.log.warn({ err: error }, 'a connection to store broke'),
});
const server = createServer(store, () => waitingFor, { level: config.logLevel });
const stop = new AbortController();

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.log.info({ signal }, 'draining');
    stop.abort();
    void server.close().then(() => store.close());
  });
}

server.listen({ host: '0.0.0.0', port: config.port }).catch((error: unknown) => {
  server.log.fatal(error);
  process.exit(1);
});

const retry = {
  random: Math.random,
  wait: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined),
};
void untilMigrated(store, retry, stop.signal, (error, pauseMs) => {
  waitingFor = error.message;
  server.log.warn({ err: error, pauseMs: Math.round(pauseMs) }, 'store is not ready');
}).then((migrated) => {
  if (!migrated) return;
  waitingFor = undefined;
  server.log.info('store is ready');
});
