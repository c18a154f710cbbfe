import type { KubernetesObject } from '@berth/manifests';
import { applyObjects, getFromApi } from '../control-plane/api';
import { isAvailable } from '../control-plane/node';
import type { Machine } from '../machine';
import type { CheckedStep } from '../step';
import { waitUntil } from '../wait';
import { annotated } from './content';
import { metricsObjects } from './metrics';
import { STORAGE_NAMESPACE, storageObjects } from './storage';

export function storageStep(machine: Machine): CheckedStep {
  const { content, objects } = annotated(storageObjects(machine.paths));
  const available = () => isAvailable(machine, STORAGE_NAMESPACE, 'local-path-provisioner', content);
  return {
    title: 'Storage',
    details: [`default StorageClass local-path, data in ${machine.paths.volumes}`],
    done: available,
    run: (log) => bringUp(machine, objects, STORAGE_NAMESPACE, available, log),
  };
}

export function metricsStep(machine: Machine): CheckedStep {
  const { content, objects } = annotated(metricsObjects());
  const available = async () => {
    const there = await isAvailable(machine, 'kube-system', 'metrics-server', content);
    // The metrics API answers only once two rounds of figures are there.
    const metrics =
      there && (await getFromApi<{ items: unknown[] }>(machine, '/apis/metrics.k8s.io/v1beta1/nodes'));
    return Boolean(metrics && metrics.items.length > 0);
  };
  return {
    title: 'Metrics',
    details: ['metrics-server in kube-system'],
    isNeededByNothing: true,
    done: available,
    run: async (log) => {
      // The API server is told of it last: it keeps asking whoever answers first.
      const [api, workload] = [
        objects.filter(isApiService),
        objects.filter((object) => !isApiService(object)),
      ];
      const serving = () => isAvailable(machine, 'kube-system', 'metrics-server', content);
      await bringUp(machine, workload, 'kube-system', serving, log);
      await bringUp(machine, api, 'kube-system', available, log);
    },
  };
}

async function bringUp(
  machine: Machine,
  objects: readonly KubernetesObject[],
  namespace: string,
  available: () => Promise<boolean>,
  log: (line: string) => void,
): Promise<void> {
  await applyObjects(machine, objects, log);
  const hint = `kubectl --kubeconfig ${machine.paths.kubernetes}/admin.conf -n ${namespace} get pods,events`;
  await waitUntil(`an add-on in ${namespace} was not ready`, 180, hint, available);
}

function isApiService({ kind }: KubernetesObject): boolean {
  return kind === 'APIService';
}
