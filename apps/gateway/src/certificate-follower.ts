import { Loop, type LoopOptions } from '@berth/follow';
import { isSameCertificate, type Certificate, type CertificateSet } from './certificate';
import { errorText, type Log } from './log';
import type { CertificateHolder } from './nginx-client';

export interface CertificateFollowOptions extends Pick<LoopOptions, 'pollMs' | 'retryMs'> {
  /** The certificates of now; undefined when they are not known, and what nginx has must stay. */
  wanted: () => readonly Certificate[] | undefined;
  nginx: CertificateHolder;
  /** Called with every set that nginx took. */
  onTaken: (set: CertificateSet) => void;
  log: Log;
  /** What the snapshot holds. */
  snapshot?: CertificateSet;
}

/** Brings nginx to the certificates that are wanted, as a Follower does with the routes; they are few, and go together. */
export class CertificateFollower {
  /** The last set that nginx is known to have taken. */
  #last: CertificateSet | undefined;
  /** The highest number that was ever sent. */
  #highest: number;
  #wanted: readonly Certificate[] | undefined;
  readonly #loop: Loop;

  constructor(private readonly options: CertificateFollowOptions) {
    this.#last = options.snapshot;
    this.#wanted = options.snapshot?.certificates;
    this.#highest = options.snapshot?.generation ?? 0;
    this.#loop = new Loop({
      ...options,
      round: (woken) => this.#round(woken),
      onFailure: (error, failures, pauseMs) =>
        options.log.warn('nginx did not take the certificates; trying again', {
          error: errorText(error),
          failures,
          pauseMs,
        }),
    });
  }

  /** The certificates in nginx, as far as they are known. */
  get certificates(): readonly Certificate[] {
    return this.#last?.certificates ?? [];
  }

  /** What is wanted may have changed. */
  wake(): void {
    this.#loop.wake();
  }

  /** Follows until the signal; nginx keeps its certificates then. Never rejects. */
  run(signal: AbortSignal): Promise<void> {
    return this.#loop.run(signal);
  }

  async #round(changed: boolean): Promise<void> {
    const { wanted, nginx, onTaken, log } = this.options;
    if (changed) this.#wanted = wanted() ?? this.#wanted;
    if (!this.#wanted) return;
    const generation = await nginx.certificatesGeneration();
    if (generation === this.#last?.generation && isSame(this.#last.certificates, this.#wanted)) return;
    this.#highest = Math.max(this.#highest, generation) + 1;
    const set = { generation: this.#highest, certificates: this.#wanted };
    await nginx.replaceCertificates(set);
    this.#last = set;
    onTaken(set);
    log.info('nginx took the certificates', {
      generation: set.generation,
      certificates: set.certificates.map(({ source, names, notAfter }) => ({ source, names, notAfter })),
    });
  }
}

function isSame(some: readonly Certificate[], others: readonly Certificate[]): boolean {
  return some.length === others.length && some.every((one, index) => isSameCertificate(one, others[index]!));
}
