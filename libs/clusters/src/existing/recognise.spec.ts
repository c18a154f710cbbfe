import { products, titleOf } from './products';
import { recognise } from './recognise';
import type { KubeconfigTraits, NodeTraits } from './traits';

const kubeconfig = (
  cluster: string,
  server = 'https://127.0.0.1:6443',
  context = cluster,
): KubeconfigTraits => ({
  context,
  cluster,
  server,
});

/** Nothing in it tells. */
const renamed = kubeconfig('work');

const node = (
  name: string,
  labels: Record<string, string>,
  {
    providerID,
    kubeletVersion = 'v1.31.2',
    osImage = 'Debian GNU/Linux 12 (bookworm)',
  }: Record<string, string> = {},
): NodeTraits => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } },
  ...(providerID ? { spec: { providerID } } : {}),
  status: { nodeInfo: { kubeletVersion, osImage } },
});

describe('by the kubeconfig alone, as the tools write it', () => {
  it.each<[string, KubeconfigTraits, string | undefined]>([
    [
      'Docker Desktop',
      kubeconfig('docker-desktop', 'https://kubernetes.docker.internal:6443'),
      'Docker Desktop',
    ],
    ['an old Docker Desktop', kubeconfig('docker-for-desktop-cluster'), 'Docker Desktop'],
    ['kind', kubeconfig('kind-desk', 'https://127.0.0.1:38651'), 'kind (desk)'],
    ['k3d', kubeconfig('k3d-desk', 'https://0.0.0.0:40111'), 'k3d (desk)'],
    ['minikube', kubeconfig('minikube', 'https://192.168.49.2:8443'), 'minikube (minikube)'],
    ['OrbStack', kubeconfig('orbstack', 'https://127.0.0.1:26443'), 'OrbStack'],
    ['Rancher Desktop', kubeconfig('rancher-desktop', 'https://127.0.0.1:6443'), 'Rancher Desktop'],
    ['MicroK8s', kubeconfig('microk8s-cluster', 'https://127.0.0.1:16443', 'microk8s'), 'MicroK8s'],
    [
      'AKS',
      kubeconfig('akstest', 'https://akstest-akstest-64dc1c-ti0khomo.hcp.polandcentral.azmk8s.io:443'),
      'Azure Kubernetes Service (akstest)',
    ],
    [
      'GKE',
      kubeconfig('gke_blorg-dev_us-central1-b_blorg', 'https://34.71.5.8'),
      'Google Kubernetes Engine (blorg)',
    ],
    [
      'EKS, by the AWS CLI',
      kubeconfig(
        'arn:aws:eks:eu-central-1:123456789012:cluster/prod',
        'https://9A2BF.gr7.eu-central-1.eks.amazonaws.com',
      ),
      'Amazon EKS (prod)',
    ],
    [
      'EKS, by eksctl',
      kubeconfig('prod.eu-central-1.eksctl.io', 'https://9A2BF.gr7.eu-central-1.eks.amazonaws.com'),
      'Amazon EKS (prod)',
    ],
    ['K3s, which calls it default', kubeconfig('default'), undefined],
    ['a server that is no address', kubeconfig('work', 'work'), undefined],
  ])('%s', (_what, traits, expected) => {
    expect(titleOf(recognise(traits))).toBe(expected);
  });
});

describe('by a node, whatever the context is called', () => {
  it.each<[string, NodeTraits, string]>([
    ['Docker Desktop', node('docker-desktop', {}, { osImage: 'Docker Desktop' }), 'Docker Desktop'],
    [
      'kind',
      node('desk-control-plane', {}, { providerID: 'kind://docker/desk/desk-control-plane' }),
      'kind (desk)',
    ],
    [
      'k3d',
      node(
        'k3d-desk-server-0',
        { 'node.kubernetes.io/instance-type': 'k3s' },
        {
          providerID: 'k3s://k3d-desk-server-0',
          kubeletVersion: 'v1.31.5+k3s1',
          osImage: 'K3s v1.31.5+k3s1',
        },
      ),
      'k3d (desk)',
    ],
    [
      'minikube with a profile',
      node('trial', { 'minikube.k8s.io/name': 'trial', 'minikube.k8s.io/primary': 'true' }),
      'minikube (trial)',
    ],
    ['OrbStack', node('orbstack', {}, { kubeletVersion: 'v1.31.6+orb1', osImage: 'OrbStack' }), 'OrbStack'],
    [
      'Rancher Desktop',
      node(
        'lima-rancher-desktop',
        { 'node.kubernetes.io/instance-type': 'k3s' },
        { providerID: 'k3s://lima-rancher-desktop', kubeletVersion: 'v1.31.5+k3s1' },
      ),
      'Rancher Desktop',
    ],
    [
      'MicroK8s',
      node('ubuntu', {
        'microk8s.io/cluster': 'true',
        'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane',
      }),
      'MicroK8s',
    ],
    [
      'K3s',
      node(
        'worker1',
        { 'node.kubernetes.io/instance-type': 'k3s' },
        { providerID: 'k3s://worker1', kubeletVersion: 'v1.31.5+k3s1' },
      ),
      'K3s',
    ],
    [
      'AKS',
      node(
        'aks-agentpool-12345678-vmss000000',
        { 'kubernetes.azure.com/cluster': 'MC_group_akstest_polandcentral', agentpool: 'agentpool' },
        {
          providerID:
            'azure:///subscriptions/0/resourceGroups/mc_group/providers/Microsoft.Compute/virtualMachineScaleSets/aks/virtualMachines/0',
        },
      ),
      'Azure Kubernetes Service',
    ],
    [
      'GKE',
      node(
        'gke-prod-default-pool-1a2b3c4d-x5y6',
        { 'cloud.google.com/gke-nodepool': 'default-pool' },
        {
          providerID: 'gce://blorg-dev/us-central1-b/gke-prod-default-pool-1a2b3c4d-x5y6',
          kubeletVersion: 'v1.31.4-gke.1256000',
        },
      ),
      'Google Kubernetes Engine',
    ],
    [
      'EKS with nodes of its own',
      node(
        'ip-10-0-1-23.eu-central-1.compute.internal',
        {},
        { providerID: 'aws:///eu-central-1a/i-0123456789abcdef0', kubeletVersion: 'v1.31.2-eks-94953ac' },
      ),
      'Amazon EKS',
    ],
  ])('%s', (_what, traits, expected) => {
    expect(titleOf(recognise(renamed, [traits]))).toBe(expected);
  });

  it('knows Docker Desktop whose nodes are made by kind, and kind that is called docker-desktop by nobody', () => {
    const made = node(
      'desktop-control-plane',
      {},
      { providerID: 'kind://docker/desktop/desktop-control-plane' },
    );
    expect(recognise(kubeconfig('docker-desktop'), [made])).toEqual({ product: 'docker-desktop' });
    expect(recognise(kubeconfig('kind-desktop'), [made])).toEqual({ product: 'kind', name: 'desktop' });
  });

  it('knows Rancher Desktop on Windows, where the node has the name of the machine', () => {
    const windows = node('laptop', { 'node.kubernetes.io/instance-type': 'k3s' });
    expect(recognise(kubeconfig('rancher-desktop'), [windows])).toEqual({ product: 'rancher-desktop' });
  });

  it('does not take the word of a context that the nodes contradict', () => {
    const gke = node('gke-1', { 'cloud.google.com/gke-nodepool': 'a' });
    expect(recognise(kubeconfig('kind-desk'), [gke])).toEqual({ product: 'gke' });
  });

  it('keeps the name that only the kubeconfig has', () => {
    const aks = node('aks-1', { 'kubernetes.azure.com/cluster': 'MC_a' });
    const written = kubeconfig('akstest', 'https://akstest.hcp.eastus.azmk8s.io:443');
    expect(recognise(written, [aks])).toEqual({ product: 'aks', name: 'akstest' });
  });

  it('does not guess', () => {
    expect(recognise(renamed, [node('node-1', {})])).toBeUndefined();
    expect(recognise(renamed)).toBeUndefined();
  });
});

it.each(Object.entries(products))('%s: every advice is a sentence without a hole', (_name, product) => {
  const lines = [
    product.start(undefined),
    product.registry(undefined),
    product.start('x'),
    product.registry('x'),
  ];
  for (const line of [...lines, product.load?.('a:1', undefined) ?? 'none', product.portsNeed ?? 'none'])
    expect(line).not.toMatch(/undefined|\n|^$/);
});
