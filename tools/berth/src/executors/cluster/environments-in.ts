import { contextOf, KubeClient, type LiveObject } from '@berth/kube';
import { MANAGED_BY_LABEL, PROTECTED_ANNOTATION } from '@berth/manifests';
import { UserError, type Cluster } from '@berth/model';

/** Milliseconds without an answer after which a cluster counts as not to be asked. */
const IDLE_MS = 5_000;

/**
 * What destroying the cluster does to environments, a line each: those whose namespaces it has, by its kubeconfig. Where
 * it cannot be asked, that is the line: a cluster that is broken must be possible to destroy.
 */
export async function environmentLines(cluster: Cluster, workspaceRoot: string): Promise<string[]> {
  let client: KubeClient | undefined;
  try {
    client = KubeClient.from(contextOf(cluster, workspaceRoot), {
      idleMs: IDLE_MS,
      onRetry: () => undefined,
    });
    const labelSelector = `${MANAGED_BY_LABEL}=berth`;
    return linesOf((await client.list({ apiVersion: 'v1', kind: 'Namespace', labelSelector })).items);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason = error.message.replace(/\.$/, '').replaceAll('\n', ' ');
    return [`Which environments are in it cannot be said: ${reason}.`];
  } finally {
    client?.close();
  }
}

/** Of the namespaces that Berth made. */
export function linesOf(namespaces: readonly LiveObject[]): string[] {
  if (namespaces.length === 0) return ['No environment is in it.'];
  const names = namespaces
    .map(({ metadata: { name, annotations = {} } }) =>
      annotations[PROTECTED_ANNOTATION] === 'true' ? `${name} (protected)` : name,
    )
    .sort();
  return [
    names.length === 1
      ? 'This environment is in it, and goes with all its data:'
      : 'These environments are in it, and go with all their data:',
    ...names.map((name) => `  ${name}`),
  ];
}
