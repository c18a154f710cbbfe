import { setTimeout as delay } from 'node:timers/promises';
import { serve } from '@berth/http-service';
import { readConfig } from './config';
import { fetchInstruments, untilInstruments } from './instrument-source';
import { Market } from './market';
import { createServer } from './server';

/** Milliseconds after which the instruments are asked for again. */
const REFRESH_MS = 60_000;
const HEARTBEAT_MS = 15_000;

const config = readConfig(process.env);
const market = new Market(config.tickMs, Date.now);
const { http, publish, subscribers } = createServer(market, { level: config.logLevel });
const stop = new AbortController();

const retry = {
  random: Math.random,
  wait: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined),
};

/** Keeps the instruments as `reference` has them; while it does not answer, those of before are quoted on. */
async function followReference(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const instruments = await untilInstruments(
      (ended) => fetchInstruments(config.referenceUrl, ended),
      retry,
      signal,
      (error, pauseMs) =>
        http.log.warn({ err: error, pauseMs: Math.round(pauseMs) }, 'no answer from reference'),
    );
    if (!instruments) return;
    const opened = !market.open;
    market.list(instruments);
    if (opened) http.log.info({ instruments: instruments.length }, 'market open');
    await retry.wait(REFRESH_MS, signal);
  }
}

const timers = [
  setInterval(publish, config.tickMs),
  setInterval(() => subscribers.dropSilent(), HEARTBEAT_MS),
];

serve(http, config.port, {
  begin: () => {
    stop.abort();
    timers.forEach(clearInterval);
  },
});
void followReference(stop.signal);
