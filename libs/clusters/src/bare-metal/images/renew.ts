import { getFromApi, kubectl } from '../control-plane/api';
import type { Machine } from '../machine';

interface Pod {
  metadata: { name: string; namespace: string; ownerReferences?: { kind: string }[] };
  spec: { containers: { image: string }[] };
}

/**
 * Has the nodes take an image that was pushed again under its name: pods ask for it only when the node has none of it.
 * What runs of the old one is ended, and its controller starts it anew. The kubelet's own pods, the control plane,
 * take it when they are started the next time.
 * @param machine whose API server is asked
 */
export async function renewOnNode(
  machine: Machine,
  reference: string,
  log: (line: string) => void,
  nodes: readonly Machine[] = [machine],
): Promise<void> {
  const renewed = await Promise.all(nodes.map((node) => removedFrom(node, reference)));
  if (!renewed.includes(true)) return;
  const pods = await getFromApi<{ items: Pod[] }>(machine, '/api/v1/pods');
  for (const { metadata, spec } of pods?.items ?? []) {
    if (!spec.containers.some(({ image }) => image === reference)) continue;
    const { name, namespace, ownerReferences = [] } = metadata;
    if (ownerReferences.some(({ kind }) => kind === 'Node')) {
      log(`${name} takes the new ${reference} with the next: npm run stop, npm start`);
    } else {
      await kubectl(machine, ['delete', 'pod', name, '--namespace', namespace, '--wait=false']);
      log(`${name} is started anew with the new ${reference}`);
    }
  }
}

async function removedFrom({ runner, paths }: Machine, reference: string): Promise<boolean> {
  const images = ['ctr', '--address', paths.containerdSocket, '--namespace', 'k8s.io', 'images'];
  const { stdout } = await runner.run([...images, 'ls', '--quiet', `name==${reference}`]);
  if (stdout.trim() === '') return false;
  await runner.run([...images, 'rm', reference]);
  return true;
}
