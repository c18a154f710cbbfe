import { setTimeout as delay } from 'node:timers/promises';
import { serve } from '@berth/http-service';
import type { Retry } from './again';
import { blotterAt } from './blotter';
import { readConfig } from './config';
import { pricingAt } from './pricing';
import { createServer } from './server';

const config = readConfig(process.env);
const retry: Retry = {
  random: Math.random,
  wait: (ms) => delay(ms),
  onFailure: (error, pauseMs) =>
    server.log.warn({ err: error, pauseMs: Math.round(pauseMs) }, 'asking again'),
};
const pricing = pricingAt(config.pricingUrl, retry);
const blotter = blotterAt(config.blotterUrl, retry);
const server = createServer({ pricing, blotter, now: Date.now }, { level: config.logLevel });

serve(server, config.port);
