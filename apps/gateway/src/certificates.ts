import { setTimeout as delay } from 'node:timers/promises';
import { parseSet, setText, type Certificate, type CertificateSet } from './certificate';
import { chooseCertificates, type NamedSecret } from './certificate-choice';
import { CertificateFollower, type CertificateFollowOptions } from './certificate-follower';
import { CertificateReporter } from './certificate-reporter';
import type { Log } from './log';
import type { ObserveOptions } from './observe';
import type { RefusalEvents } from './refusal-events';
import { isStillGood, makeSelfSigned } from './self-signed';
import { StateFile } from './state-file';

export interface CertificatesOptions extends Pick<
  CertificateFollowOptions,
  'nginx' | 'log' | 'pollMs' | 'retryMs'
> {
  source: CertificateSource;
  snapshot: StateFile<CertificateSet>;
  now: () => Date;
  /** What a self-signed certificate is for, while no Secret has one that can be used. */
  domains: readonly string[];
  /** Milliseconds that Secrets are waited for before a self-signed certificate takes their place. */
  patienceMs?: number;
}

/** Secrets with certificates; the first one's is for who names no known host. */
export interface CertificateSource {
  observe(options: ObserveOptions): {
    secrets(): NamedSecret[];
    /** Resolves when it is known of each what there is. */
    listed: Promise<unknown>;
  };
  /** Who is told of those that are refused, besides the log. */
  events(signal: AbortSignal): Pick<RefusalEvents, 'write'>;
}

/** What is no secret of a certificate. */
export type CertificateStatus = Pick<Certificate, 'names' | 'notAfter' | 'source'>;

export interface Certificates {
  /** Those in nginx, as far as they are known. */
  status(): CertificateStatus[];
  /** Stops looking at the Secrets and leaves nginx its certificates, which are in the snapshot then. */
  stop(): Promise<void>;
}

/** Milliseconds after which the Secrets are judged again: a certificate may be valid by now, or ours about to expire. */
const REPEAT_MS = 60_000;
const PATIENCE_MS = 10_000;

/** The certificates that nginx took last, in the file that nginx loads when it starts. */
export function certificateFile(path: string, log: Log, pauseMs?: number): StateFile<CertificateSet> {
  return new StateFile(path, { pieces: (set) => [setText(set)], parse: parseSet }, log, pauseMs);
}

/** Starts to keep nginx's certificates as the Secrets say. */
export async function startCertificates(options: CertificatesOptions): Promise<Certificates> {
  const { source, snapshot, log, now, domains, patienceMs = PATIENCE_MS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const reporter = new CertificateReporter(source.events(signal), log);
  const loaded = await snapshot.load();
  let inUse = loaded?.certificates ?? [];
  let canChoose = false;

  const { secrets, listed } = source.observe({ onChange: () => follower.wake(), log, signal });
  // A Secret that may not be read must not keep the gateway from its start.
  const patience = delay(patienceMs, undefined, { signal }).catch(() => undefined);
  void Promise.race([listed, patience]).then(() => {
    canChoose = true;
    follower.wake();
  });

  const wanted = (): readonly Certificate[] | undefined => {
    if (!canChoose) return undefined;
    const { certificates, refused } = chooseCertificates(secrets(), inUse, now());
    reporter.report(refused);
    inUse = certificates.length ? certificates : [selfSigned()];
    return inUse;
  };
  const selfSigned = (): Certificate => {
    const made = inUse.find((certificate) => isStillGood(certificate, domains, now()));
    if (made) return made;
    log.info('no Secret has a certificate that can be used; making a self-signed one', { domains });
    return makeSelfSigned(domains, now());
  };
  const { nginx, pollMs, retryMs } = options;
  const follower = new CertificateFollower({
    wanted,
    nginx,
    onTaken: (set) => snapshot.save(() => set),
    log,
    ...(loaded && { snapshot: loaded }),
    ...(pollMs !== undefined && { pollMs }),
    ...(retryMs && { retryMs }),
  });
  const following = follower.run(signal);
  const repeating = setInterval(() => follower.wake(), REPEAT_MS);

  return {
    status: () => follower.certificates.map(({ names, notAfter, source }) => ({ names, notAfter, source })),
    async stop() {
      clearInterval(repeating);
      stopping.abort();
      await following;
      await snapshot.flush();
    },
  };
}
