import { REGISTRY } from './settings';

/** The newest line whose kubelet still starts on cgroup v1 with containerd 1.6. */
export const KUBERNETES_VERSION = 'v1.34.4';
const ETCD_VERSION = 'v3.6.5';
const COREDNS_VERSION = 'v1.15.0';
const STORAGE_VERSION = 'v0.0.30';
/** The newest line that is made for the libraries of Kubernetes 1.34. */
const METRICS_VERSION = 'v0.8.0';
const PAUSE_VERSION = '3.10.1';

/** A Go module of which programs are built, or downloaded where its makers publish them with checksums. */
export interface ProgramModule {
  name: string;
  /** Folder below `modules/`, whose go.mod and go.sum pin every dependency by its hash; `name` when absent. */
  folder?: string;
  version: string;
  /** Program names and the Go packages they are built from. */
  programs: Readonly<Record<string, string>>;
  ldflags?: readonly string[];
  /** Where the official builds are. */
  download?: (program: string, architecture: string) => Download;
}

export interface Download {
  url: string;
  /** A file that holds the SHA-256 of what `url` gives: alone, or in lines `<sum>  <file name>`. */
  checksums: string;
  /** When `url` gives a gzipped tar: the path of the program in it. */
  member?: string;
}

const kubernetesPrograms = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubeadm',
  'kubelet',
  'kubectl',
];

export const KUBERNETES: ProgramModule = {
  name: 'kubernetes',
  version: KUBERNETES_VERSION,
  programs: Object.fromEntries(kubernetesPrograms.map((name) => [name, `k8s.io/kubernetes/cmd/${name}`])),
  ldflags: [
    `-X k8s.io/component-base/version.gitVersion=${KUBERNETES_VERSION}`,
    '-X k8s.io/component-base/version.gitMajor=1',
    '-X k8s.io/component-base/version.gitMinor=34',
  ],
  download: (program, architecture) => {
    const url = `https://dl.k8s.io/release/${KUBERNETES_VERSION}/bin/linux/${architecture}/${program}`;
    return { url, checksums: `${url}.sha256` };
  },
};

export const ETCD: ProgramModule = {
  name: 'etcd',
  version: ETCD_VERSION,
  programs: { etcd: 'go.etcd.io/etcd/server/v3' },
  download: (_, architecture) => {
    const folder = `https://github.com/etcd-io/etcd/releases/download/${ETCD_VERSION}`;
    const name = `etcd-${ETCD_VERSION}-linux-${architecture}`;
    return { url: `${folder}/${name}.tar.gz`, checksums: `${folder}/SHA256SUMS`, member: `${name}/etcd` };
  },
};

export const COREDNS: ProgramModule = {
  name: 'coredns',
  version: COREDNS_VERSION,
  programs: { coredns: 'berth.dev/modules/coredns' },
  download: (_, architecture) => {
    const folder = `https://github.com/coredns/coredns/releases/download/${COREDNS_VERSION}`;
    const url = `${folder}/coredns_${COREDNS_VERSION.slice(1)}_linux_${architecture}.tgz`;
    return { url, checksums: `${url}.sha256`, member: 'coredns' };
  },
};

/** Nearly all that they are made of is compiled for Kubernetes already when its versions are theirs. */
const withKubernetes = { folder: KUBERNETES.name };

export const STORAGE: ProgramModule = {
  name: 'local-path-provisioner',
  ...withKubernetes,
  version: STORAGE_VERSION,
  programs: { 'local-path-provisioner': 'github.com/rancher/local-path-provisioner' },
};

export const METRICS: ProgramModule = {
  name: 'metrics-server',
  ...withKubernetes,
  version: METRICS_VERSION,
  programs: { 'metrics-server': 'sigs.k8s.io/metrics-server/cmd/metrics-server' },
};

export const PAUSE: ProgramModule = {
  name: 'pause',
  version: PAUSE_VERSION,
  programs: { pause: 'berth.dev/modules/pause' },
};

export const MODULES: readonly ProgramModule[] = [KUBERNETES, ETCD, COREDNS, STORAGE, METRICS, PAUSE];

/** Tags that `kubeadm config images list` gives for this version, or that kubeadm.ts sets. */
export const ETCD_IMAGE_TAG = `${ETCD_VERSION.slice(1)}-0`;
export const COREDNS_IMAGE_TAG = COREDNS_VERSION;
export const PAUSE_IMAGE = `${REGISTRY}/pause:${PAUSE_VERSION}`;
export const STORAGE_IMAGE = `${REGISTRY}/local-path-provisioner:${STORAGE_VERSION}`;
export const STORAGE_HELPER_IMAGE = `${REGISTRY}/local-path-helper:${STORAGE_VERSION}`;
export const METRICS_IMAGE = `${REGISTRY}/metrics-server:${METRICS_VERSION}`;
