import type { Cluster } from '@berth/model';
import type { Machine } from '../machine';
import type { CheckedStep } from '../step';
import { applyObjects, getFromApi } from './api';

/** A cluster that has this ConfigMap was made by Berth; tests run on no other. */
export const MARK = { namespace: 'kube-system', name: 'berth-cluster' } as const;

export function markStep(machine: Machine, cluster: Cluster): CheckedStep {
  const data = { cluster: cluster.name, provider: cluster.provider };
  return {
    title: 'Mark',
    details: [`ConfigMap ${MARK.namespace}/${MARK.name}: this cluster was made by Berth`],
    done: async () => {
      const path = `/api/v1/namespaces/${MARK.namespace}/configmaps/${MARK.name}`;
      const found = await getFromApi<{ data?: Record<string, string> }>(machine, path);
      return found?.data?.cluster === data.cluster && found.data.provider === data.provider;
    },
    run: (log) =>
      applyObjects(machine, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...MARK }, data }], log),
  };
}
