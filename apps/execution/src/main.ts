import { setTimeout as delay } from 'node:timers/promises';
import { blotterAt } from './blotter';
import { readConfig } from './config';
import { pricingAt } from './pricing';
import { createServer } from './server';

const config = readConfig(process.env);
const blotter = blotterAt(config.blotterUrl, {
  random: Math.random,
  wait: (ms) => delay(ms),
  onFailure: (error, pauseMs) =>
    server.log.warn({ err: error, pauseMs: Math.round(pauseMs) }, 'asking again'),
});
const pricing = pricingAt(config.pricingUrl);
const server = createServer({ pricing, blotter, now: Date.now }, { level: config.logLevel });

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.log.info({ signal }, 'draining');
    void server.close();
  });
}

server.listen({ host: '0.0.0.0', port: config.port }).catch((error: unknown) => {
  server.log.fatal(error);
  process.exit(1);
});
