import { nameOf, type Change } from '@berth/deploy';
import type { KubeClient } from '@berth/kube';

/** A volume that names no class waits for ever where there is no default one. */
export async function missingStorageClass(client: KubeClient, changes: readonly Change[]): Promise<string[]> {
  const claims = changes
    .filter(({ action }) => action === 'create' || action === 'recreate')
    .flatMap(({ object, desired }) => {
      const { volumeClaimTemplates = [], storageClassName } = (desired?.spec ?? {}) as {
        volumeClaimTemplates?: { spec?: { storageClassName?: string } }[];
        storageClassName?: string;
      };
      const classes =
        desired?.kind === 'PersistentVolumeClaim'
          ? [storageClassName]
          : volumeClaimTemplates.map(({ spec }) => spec?.storageClassName);
      return classes.includes(undefined) ? [nameOf(object)] : [];
    });
  if (claims.length === 0) return [];
  const classes = await client
    .list({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' })
    .catch(() => undefined);
  const standard = classes?.items.some(
    ({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  );
  return classes && !standard
    ? [
        `The cluster has no default StorageClass, so the volumes of ${claims.join(', ')} would never be made. ${client.kubectl} get storageclass`,
      ]
    : [];
}
