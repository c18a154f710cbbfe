import type { KubeconfigTraits, NodeTraits, ProductName, Recognised } from './traits';

/**
 * Who made a cluster: by its nodes where they are known, since a context can be called anything, else by what its
 * kubeconfig says. Undefined when neither tells. Shapes are those that the tools write; see recognise.spec.ts.
 */
export function recognise(
  kubeconfig: KubeconfigTraits,
  nodes: readonly NodeTraits[] = [],
): Recognised | undefined {
  const named = byNames(kubeconfig);
  const found = nodes.map(byNode).find((each) => each !== undefined);
  if (!found) return named;
  // The nodes of these are made by kind and k3s, and say no more.
  if (named && standsOn[named.product] === found.product) return named;
  if (named?.product === found.product) return { ...named, ...found };
  return found;
}

const standsOn: Readonly<Partial<Record<ProductName, ProductName>>> = {
  'docker-desktop': 'kind',
  'rancher-desktop': 'k3s',
};

function byNode({ metadata, spec, status }: NodeTraits): Recognised | undefined {
  const { name, labels = {} } = metadata;
  const { kubeletVersion = '', osImage = '' } = status?.nodeInfo ?? {};
  const providerId = spec?.providerID ?? '';
  const has = (label: string) => Object.hasOwn(labels, label);
  const kind = /^kind:\/\/[^/]+\/([^/]+)\/./.exec(providerId)?.[1];
  const k3d = /^k3d-(.+)-(?:server|agent)-\d+$/.exec(name)?.[1];
  if (has('microk8s.io/cluster')) return { product: 'microk8s' };
  if (has('minikube.k8s.io/name'))
    return { product: 'minikube', name: labels['minikube.k8s.io/name'] as string };
  if (name === 'docker-desktop' || osImage === 'Docker Desktop') return { product: 'docker-desktop' };
  if (name === 'orbstack' || osImage === 'OrbStack') return { product: 'orbstack' };
  if (name === 'lima-rancher-desktop') return { product: 'rancher-desktop' };
  if (kind !== undefined) return { product: 'kind', name: kind };
  if (k3d !== undefined) return { product: 'k3d', name: k3d };
  if (has('cloud.google.com/gke-nodepool') || /-gke\./.test(kubeletVersion)) return { product: 'gke' };
  if (has('eks.amazonaws.com/nodegroup') || /-eks-/.test(kubeletVersion)) return { product: 'eks' };
  if (has('kubernetes.azure.com/cluster')) return { product: 'aks' };
  if (labels['node.kubernetes.io/instance-type'] === 'k3s' || /\+k3s\d/.test(kubeletVersion))
    return { product: 'k3s' };
  return undefined;
}

function byNames({ context, cluster, server }: KubeconfigTraits): Recognised | undefined {
  const host = URL.canParse(server) ? new URL(server).hostname : '';
  if (host.endsWith('.azmk8s.io')) return { product: 'aks', name: cluster };
  if (host.endsWith('.eks.amazonaws.com')) return { product: 'eks', name: eksName(cluster) };
  const gke = /^gke_[^_]+_[^_]+_(.+)$/.exec(cluster);
  if (gke) return { product: 'gke', name: gke[1] as string };
  const kind = /^kind-(.+)$/.exec(cluster);
  if (kind) return { product: 'kind', name: kind[1] as string };
  const k3d = /^k3d-(.+)$/.exec(cluster);
  if (k3d) return { product: 'k3d', name: k3d[1] as string };
  if (cluster === 'minikube') return { product: 'minikube', name: 'minikube' };
  if (cluster === 'docker-desktop' || cluster === 'docker-for-desktop-cluster')
    return { product: 'docker-desktop' };
  if (cluster === 'orbstack' || context === 'orbstack') return { product: 'orbstack' };
  if (cluster === 'rancher-desktop') return { product: 'rancher-desktop' };
  if (cluster === 'microk8s-cluster') return { product: 'microk8s' };
  return undefined;
}

/** `arn:aws:eks:<region>:<account>:cluster/<name>` of the AWS CLI, `<name>.<region>.eksctl.io` of eksctl. */
function eksName(cluster: string): string {
  return /:cluster\/(.+)$/.exec(cluster)?.[1] ?? /^([^.]+)\..*\.eksctl\.io$/.exec(cluster)?.[1] ?? cluster;
}
