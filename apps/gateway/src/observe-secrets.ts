import type { KubeClient } from '@berth/kube';
import type { NamedSecret } from './certificate-choice';
import { errorText, type Log } from './log';

export interface ObserveSecretsOptions {
  namespace: string;
  names: readonly string[];
  /** Something is other than before; look at the whole of it. */
  onChange: () => void;
  log: Log;
  signal: AbortSignal;
}

/**
 * Keeps Secrets of one namespace at hand. Each is asked for by its name, with a list and a watch of one object, so that
 * a role can let in to just these.
 */
export function observeSecrets(
  client: Pick<KubeClient, 'watch'>,
  { namespace, names, onChange, log, signal }: ObserveSecretsOptions,
): {
  secrets(): NamedSecret[];
  /** Resolves when the cluster has told of each. */
  listed: Promise<unknown>;
} {
  const known = new Set<string>();
  const watches = names.map((name) =>
    client.watch(
      { apiVersion: 'v1', kind: 'Secret', namespace, fieldSelector: `metadata.name=${name}` },
      {
        signal,
        onChange: () => {
          known.add(name);
          onChange();
        },
        onError: (error) => log.warn('cannot follow a Secret', { name, error: errorText(error) }),
      },
    ),
  );
  return {
    secrets: () =>
      names.map((name, index) => ({
        name,
        known: known.has(name),
        secret: watches[index]!.get(name, namespace),
      })),
    listed: Promise.all(watches.map(({ synced }) => synced)),
  };
}
