import { REGISTRY } from './settings';

/** The newest line whose kubelet still starts on cgroup v1 with containerd 1.6. */
export const KUBERNETES_VERSION = 'v1.34.4';
export const PAUSE_IMAGE = `${REGISTRY}/pause:3.10.1`;
