import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MachineFile } from '../files';
import type { Machine } from '../machine';
import type { MachinePaths } from '../paths';
import { NODE_PORT_RANGE, POD_SUBNET, REGISTRY, SERVICE_SUBNET, type NodeSettings } from '../settings';
import { COREDNS_IMAGE_TAG, ETCD_IMAGE_TAG, KUBERNETES_VERSION } from '../versions';

/**
 * Preflight checks of kubeadm that do not hold here: it looks for a unit named kubelet, for crictl, for kernel options
 * in places where a virtual machine need not have them, and for more memory than a small demo needs.
 */
export const IGNORED_CHECKS = [
  'SystemVerification',
  'FileExisting-crictl',
  'Service-Kubelet',
  'Swap',
  'Mem',
  'NumCPU',
];

/**
 * There is one of each, and nobody to agree with: no lease is renewed every second, and when the API server restarts
 * they wait for it and do not end.
 */
const ALONE = { name: 'leader-elect', value: 'false' };

/**
 * A node that says nothing for so long is lost: its pods are no endpoints any more. Its kubelet renews its lease every
 * ten seconds, so that one renewal may be late, and not two. Kubernetes' own 50 seconds are for thousands of nodes.
 */
const LOSS = [
  { name: 'node-monitor-grace-period', value: '20s' },
  { name: 'node-monitor-period', value: '2s' },
];

/** Seconds after which pods of a lost node are replaced; Kubernetes' own are 300. A pod's own tolerations come first. */
const EVICTION = [
  { name: 'default-not-ready-toleration-seconds', value: '5' },
  { name: 'default-unreachable-toleration-seconds', value: '5' },
];

type Argument = Readonly<{ name: string; value: string }>;

/** Arguments of the control plane's programs, beside those of kubeadm; by the names of their static pods. */
export function extraArguments({ alone }: NodeSettings): Readonly<Record<string, readonly Argument[]>> {
  // The pods of the only node have nowhere to go. If it were lost after 50 seconds of silence, an API server that is
  // away for that long would take all endpoints with it when it comes back.
  const patient = { name: 'node-monitor-grace-period', value: '1h' };
  return {
    ...(alone ? {} : { 'kube-apiserver': EVICTION }),
    'kube-controller-manager': [ALONE, ...(alone ? [patient] : LOSS)],
    'kube-scheduler': [ALONE],
  };
}

export function kubeadmPath(paths: MachinePaths): string {
  return join(paths.state, 'kubeadm/init.yaml');
}

export async function kubeadmFile(machine: Machine, nodeName: string): Promise<MachineFile> {
  const resolver = await resolverFile(machine);
  return {
    path: kubeadmPath(machine.paths),
    content: kubeadmDocuments(machine, nodeName, resolver.path)
      .map((document) => stringify(document))
      .join('---\n'),
  };
}

function kubeadmDocuments(
  { paths, node }: Pick<Machine, 'paths' | 'node'>,
  nodeName: string,
  resolver: string,
): object[] {
  const extra = extraArguments(node);
  return [
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: node.address, bindPort: 6443 },
      nodeRegistration: {
        name: nodeName,
        criSocket: `unix://${paths.containerdSocket}`,
        // The control plane's machine runs the services too.
        taints: [],
        kubeletExtraArgs: [{ name: 'node-ip', value: node.address }],
        ignorePreflightErrors: IGNORED_CHECKS,
      },
      patches: { directory: patchesFolder(paths) },
    },
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      kubernetesVersion: KUBERNETES_VERSION,
      imageRepository: REGISTRY,
      networking: { podSubnet: POD_SUBNET, serviceSubnet: SERVICE_SUBNET },
      apiServer: {
        certSANs: [node.address, '127.0.0.1', 'localhost'],
        extraArgs: [
          // Not on the addresses that other machines reach this one at.
          { name: 'bind-address', value: node.address },
          { name: 'service-node-port-range', value: NODE_PORT_RANGE },
          ...(extra['kube-apiserver'] ?? []),
        ],
      },
      controllerManager: { extraArgs: extra['kube-controller-manager'] },
      scheduler: { extraArgs: extra['kube-scheduler'] },
      etcd: { local: { dataDir: paths.etcd, imageTag: ETCD_IMAGE_TAG } },
      dns: { imageTag: COREDNS_IMAGE_TAG },
    },
    {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      // Other nodes take this configuration too, at their own addresses.
      ...(node.alone ? { address: node.address } : {}),
      cgroupDriver: 'cgroupfs',
      failSwapOn: false,
      failCgroupV1: false,
      resolvConf: resolver,
      serializeImagePulls: false,
      ...(node.alone ? FULL_DISKS : {}),
    },
    {
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      // In mode nftables node ports do not answer on 127.0.0.1.
      mode: 'iptables',
      healthzBindAddress: '127.0.0.1:10256',
      // Zero: it leaves nf_conntrack_max alone, which a container may not set.
      conntrack: { maxPerCore: 0 },
    },
  ];
}

/** Disks of development machines are fuller than those of servers. */
const FULL_DISKS = {
  evictionHard: {
    'memory.available': '100Mi',
    'nodefs.available': '1%',
    'imagefs.available': '1%',
    'nodefs.inodesFree': '1%',
  },
  imageGCHighThresholdPercent: 98,
  imageGCLowThresholdPercent: 95,
};

export function patchesFolder(paths: MachinePaths): string {
  return join(paths.state, 'kubeadm/patches');
}

/** CPU requests for a machine of two cores: kubeadm's own take 850m, and rolling updates need room. */
export function patchFiles({ paths, node }: Pick<Machine, 'paths' | 'node'>): MachineFile[] {
  const requests = {
    'kube-apiserver': '100m',
    'kube-controller-manager': '50m',
    'kube-scheduler': '25m',
    etcd: '50m',
  };
  const pods = Object.entries(requests).map(([name, cpu]) => ({
    path: join(patchesFolder(paths), `${name}+strategic.json`),
    content: JSON.stringify({ spec: { containers: [{ name, resources: { requests: { cpu } } }] } }),
  }));
  const dns = {
    path: join(patchesFolder(paths), 'corednsdeployment+strategic.json'),
    content: JSON.stringify({
      spec: {
        // With one of them, DNS would be away for as long as the loss of its node goes unseen.
        replicas: node.alone ? 1 : 2,
        template: { spec: { containers: [{ name: 'coredns', resources: { requests: { cpu: '50m' } } }] } },
      },
    }),
  };
  return [...pods, dns];
}

const SYSTEM_RESOLVERS = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

/**
 * The resolver configuration that pods inherit. One that names only loopback addresses would send CoreDNS to itself;
 * the last resort is a file whose name server does not answer: names outside the cluster then fail, and nothing else.
 * All nodes of a cluster read it at the same path, so where there are several it is a copy of what each one has.
 */
export async function resolverFile(
  { paths, node, files }: Machine,
  candidates: readonly string[] = SYSTEM_RESOLVERS,
): Promise<MachineFile> {
  const copy = join(paths.state, 'kubeadm/resolv.conf');
  for (const path of candidates) {
    const content = await files.read(path);
    if (content !== undefined && outsideNameservers(content))
      return { path: node.alone ? path : copy, content };
  }
  return { path: copy, content: `nameserver ${node.address}\n` };
}

function outsideNameservers(text: string): boolean {
  const servers = [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address]) => address ?? '');
  return servers.length > 0 && servers.every((address) => !address.startsWith('127.') && address !== '::1');
}
