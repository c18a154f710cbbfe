import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MachineFile } from '../files';
import type { MachinePaths } from '../paths';
import { NODE_ADDRESS, NODE_PORT_RANGE, POD_SUBNET, REGISTRY, SERVICE_SUBNET } from '../settings';
import { COREDNS_IMAGE_TAG, ETCD_IMAGE_TAG, KUBERNETES_VERSION } from '../versions';

/**
 * Preflight checks of kubeadm that do not hold here: it looks for a unit named kubelet, for crictl, for kernel options
 * in places where a virtual machine need not have them, and for more memory than a small demo needs.
 */
const IGNORED_CHECKS = [
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

/** Arguments of the control plane's programs, beside those of kubeadm; by the names of their static pods. */
export const EXTRA_ARGUMENTS = {
  'kube-controller-manager': [
    ALONE,
    // The pods of the only node have nowhere to go. If it were lost after 50 seconds of silence, an API server that is
    // away for that long would take all endpoints with it when it comes back.
    { name: 'node-monitor-grace-period', value: '1h' },
  ],
  'kube-scheduler': [ALONE],
} as const;

export function kubeadmFile(paths: MachinePaths, nodeName: string): MachineFile {
  return {
    path: join(paths.state, 'kubeadm/init.yaml'),
    content: kubeadmDocuments(paths, nodeName)
      .map((document) => stringify(document))
      .join('---\n'),
  };
}

function kubeadmDocuments(paths: MachinePaths, nodeName: string): object[] {
  return [
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: NODE_ADDRESS, bindPort: 6443 },
      nodeRegistration: {
        name: nodeName,
        criSocket: `unix://${paths.containerdSocket}`,
        // The control plane's machine runs the services too.
        taints: [],
        kubeletExtraArgs: [{ name: 'node-ip', value: NODE_ADDRESS }],
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
        certSANs: [NODE_ADDRESS, '127.0.0.1', 'localhost'],
        extraArgs: [
          // Not on the addresses that other machines reach this one at.
          { name: 'bind-address', value: NODE_ADDRESS },
          { name: 'service-node-port-range', value: NODE_PORT_RANGE },
        ],
      },
      controllerManager: { extraArgs: EXTRA_ARGUMENTS['kube-controller-manager'] },
      scheduler: { extraArgs: EXTRA_ARGUMENTS['kube-scheduler'] },
      etcd: { local: { dataDir: paths.etcd, imageTag: ETCD_IMAGE_TAG } },
      dns: { imageTag: COREDNS_IMAGE_TAG },
    },
    {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      address: NODE_ADDRESS,
      cgroupDriver: 'cgroupfs',
      failSwapOn: false,
      failCgroupV1: false,
      resolvConf: resolverFile(paths),
      serializeImagePulls: false,
      // Disks of development machines are fuller than those of servers.
      evictionHard: {
        'memory.available': '100Mi',
        'nodefs.available': '1%',
        'imagefs.available': '1%',
        'nodefs.inodesFree': '1%',
      },
      imageGCHighThresholdPercent: 98,
      imageGCLowThresholdPercent: 95,
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

export function patchesFolder(paths: MachinePaths): string {
  return join(paths.state, 'kubeadm/patches');
}

/** CPU requests for a machine of two cores: kubeadm's own take 850m, and rolling updates need room. */
export function patchFiles(paths: MachinePaths): MachineFile[] {
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
        replicas: 1,
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
 */
export function resolverFile(paths: MachinePaths, candidates: readonly string[] = SYSTEM_RESOLVERS): string {
  const usable = candidates.find(
    (file) => existsSync(file) && outsideNameservers(readFileSync(file, 'utf8')),
  );
  return usable ?? fallbackResolver(paths).path;
}

export function fallbackResolver(paths: MachinePaths): MachineFile {
  return { path: join(paths.state, 'kubeadm/resolv.conf'), content: `nameserver ${NODE_ADDRESS}\n` };
}

function outsideNameservers(text: string): boolean {
  const servers = [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address]) => address ?? '');
  return servers.length > 0 && servers.every((address) => !address.startsWith('127.') && address !== '::1');
}
