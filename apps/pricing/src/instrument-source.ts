/** What of an instrument is needed to quote it; as the service `reference` has it. */
export interface Instrument {
  symbol: string;
  name: string;
  currency: string;
  referencePrice: number;
  decimals: number;
}

export interface Retry {
  /** Waits; ends early, without an error, when `signal` is aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
}

/** Milliseconds until an answer has to be there. */
const TIMEOUT = 3000;
const LONGEST_WAIT = 10_000;

/** Asks `reference` once. @throws Error when it does not answer, or not with instruments. */
export async function fetchInstruments(referenceUrl: URL, signal: AbortSignal): Promise<Instrument[]> {
  const response = await fetch(new URL('/instruments', referenceUrl), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  });
  if (!response.ok) throw new Error(`${referenceUrl.host} answered ${response.status}`);
  const body = (await response.json()) as { instruments?: unknown };
  if (
    !Array.isArray(body.instruments) ||
    body.instruments.length === 0 ||
    !body.instruments.every(isInstrument)
  ) {
    throw new Error(`${referenceUrl.host} sent no list of instruments`);
  }
  return body.instruments;
}

/** Asks until there is an answer, with growing, jittered pauses; undefined when `signal` was aborted before. */
export async function untilInstruments(
  fetchOnce: (signal: AbortSignal) => Promise<Instrument[]>,
  retry: Retry,
  signal: AbortSignal,
  onFailure: (error: unknown, pauseMs: number) => void,
): Promise<Instrument[] | undefined> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      return await fetchOnce(signal);
    } catch (error) {
      if (signal.aborted) break;
      const pause = Math.min(LONGEST_WAIT, 200 * 2 ** attempt) * (0.5 + retry.random() / 2);
      onFailure(error, pause);
      await retry.wait(pause, signal);
    }
  }
  return undefined;
}

function isInstrument(value: unknown): value is Instrument {
  const { symbol, name, currency, referencePrice, decimals } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof symbol === 'string' &&
    typeof name === 'string' &&
    typeof currency === 'string' &&
    typeof referencePrice === 'number' &&
    referencePrice > 0 &&
    Number.isInteger(decimals)
  );
}
