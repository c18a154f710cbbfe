import type { KubeClient } from '@berth/kube';
import type { CertificateSource } from './certificates';
import { observe } from './observe';
import { observeSecrets } from './observe-secrets';
import { RefusalConditions } from './refusal-conditions';
import { RefusalEvents } from './refusal-events';
import { Reporter } from './reporter';
import type { Source } from './source';

type Client = Pick<KubeClient, 'watch' | 'stoppedBy' | 'description'>;

/** The Services of a cluster; refusals are told by Events and conditions. */
export function kubernetesSource(client: Client, now: () => Date): Source {
  return {
    description: client.description,
    observe: (options) => observe(client, options),
    reporter(table, log, signal) {
      // What could not be told when the gateway ends is told by the next one.
      const stoppable = client.stoppedBy(signal);
      return new Reporter(
        table,
        new RefusalEvents(stoppable, now),
        new RefusalConditions(stoppable, now),
        log,
      );
    },
  };
}

/** Certificates in Secrets of one namespace, each by its name; refusals are told by Events. */
export function kubernetesCertificates(
  client: Omit<Client, 'description'>,
  place: { namespace: string; names: readonly string[] },
  now: () => Date,
): CertificateSource {
  return {
    observe: (options) => observeSecrets(client, { ...place, ...options }),
    events: (signal) => new RefusalEvents(client.stoppedBy(signal), now),
  };
}
