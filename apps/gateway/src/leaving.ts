import { setTimeout as delay } from 'node:timers/promises';
import type { ObservedEndpointSlice } from '@berth/routes';
import { errorText, type Log } from './log';
import type { Leaver } from './nginx-client';
import type { Pod } from './pod';

/** Milliseconds until nginx is told again. */
const PAUSE_MS = 200;

/**
 * Tells nginx when this pod ends. It is seen where kube-proxy sees it, in the pod's own endpoint, and so at the moment
 * from which on no new connection comes: whoever keeps one is sent away before nginx ends, and asks another pod.
 */
export class Leaving {
  #isEnding = false;

  constructor(
    private readonly pod: Pod,
    private readonly nginx: Leaver,
    private readonly log: Log,
    private readonly signal: AbortSignal,
  ) {}

  look(slices: readonly ObservedEndpointSlice[]): void {
    if (this.#isEnding || !slices.some((slice) => this.#ends(slice))) return;
    this.#isEnding = true;
    void this.#tell();
  }

  #ends({ metadata, endpoints }: ObservedEndpointSlice): boolean {
    if (metadata.namespace !== this.pod.namespace) return false;
    return (endpoints ?? []).some(
      ({ addresses, conditions }) =>
        conditions?.terminating === true && addresses.some((address) => this.pod.addresses.includes(address)),
    );
  }

  async #tell(): Promise<void> {
    while (!this.signal.aborted) {
      try {
        await this.nginx.leave();
        this.log.info('this pod ends: each answer of nginx is the last of its connection');
        return;
      } catch (error) {
        this.log.warn('nginx could not be told that this pod ends', { error: errorText(error) });
        await delay(PAUSE_MS, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
  }
}
