import { join } from 'node:path';

/** Where everything of the cluster is on the machine. */
export interface MachinePaths {
  /** What outlives a restart of the machine: data, configuration, logs, programs. */
  state: string;
  /** Sockets and the runtime state of containers. */
  runtime: string;
  /** Built or downloaded programs, kept when the cluster is destroyed. */
  cache: string;
  bin: string;
  logs: string;
  /** Unit files and identities of running processes. */
  units: string;
  containerdSocket: string;
  dockerSocket: string;
  cniConfiguration: string;
  volumes: string;
  /** kubeadm's and the kubelet's own folders: their names are fixed by Kubernetes. */
  kubernetes: string;
  kubelet: string;
  etcd: string;
  podLogs: string[];
  /** What CNI remembers of every network's pods. */
  cniResults: string[];
}

/**
 * @param root `/`, or a folder that stands for it in tests
 * @param name of the folders of our own
 */
export function machinePaths(home: string, root = '/', name = 'berth'): MachinePaths {
  const state = join(root, 'var/lib', name);
  const runtime = join(root, 'run', name);
  return {
    state,
    runtime,
    cache: join(home, '.cache/berth/bin'),
    bin: join(state, 'bin'),
    logs: join(state, 'logs'),
    units: join(state, 'run'),
    containerdSocket: join(runtime, 'containerd/containerd.sock'),
    dockerSocket: join(root, 'var/run/docker.sock'),
    cniConfiguration: join(state, 'cni/net.d'),
    volumes: join(state, 'volumes'),
    kubernetes: join(root, 'etc/kubernetes'),
    kubelet: join(root, 'var/lib/kubelet'),
    etcd: join(root, 'var/lib/etcd'),
    podLogs: [join(root, 'var/log/pods'), join(root, 'var/log/containers')],
    cniResults: [join(root, 'var/lib/cni/results'), join(root, 'var/lib/cni/cache/results')],
  };
}
