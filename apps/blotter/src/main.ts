import { setTimeout as delay } from 'node:timers/promises';
import { serve } from '@berth/http-service';
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

serve(server, config.port, { begin: () => stop.abort(), end: () => store.close() });

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
