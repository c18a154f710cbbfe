import { join } from 'node:path';
import type { Unit } from '@berth/exec';
import { networkCommands } from '../hosts/network-files';
import type { Machine } from '../machine';
import type { MachinePaths } from '../paths';
import { containerdPath, dockerFile, hostsRegistryPath, registryFile } from './configuration';

export function registryUnit(paths: MachinePaths): Unit {
  return { name: 'registry', argv: ['/usr/bin/docker-registry', 'serve', registryFile(paths).path] };
}

/** The same registry for the other hosts of a cluster: they may only read. */
export function hostsRegistryUnit(paths: MachinePaths): Unit {
  return {
    name: 'registry-for-hosts',
    argv: ['/usr/bin/docker-registry', 'serve', hostsRegistryPath(paths)],
  };
}

export function containerdUnit(paths: MachinePaths): Unit {
  return {
    name: 'containerd',
    argv: ['/usr/bin/containerd', '--config', containerdPath(paths)],
  };
}

export function dockerUnit(paths: MachinePaths): Unit {
  return {
    name: 'docker',
    argv: ['/usr/sbin/dockerd', '--config-file', dockerFile(paths).path],
    waitForSockets: [paths.containerdSocket],
    // dockerd refuses to start while any process has the pid that a killed one wrote here.
    removeFirst: [join(paths.runtime, 'docker.pid')],
  };
}

/** Waits for what `kubeadm init` writes; on a machine without systemd kubeadm can't start it. */
export function kubeletUnit({ paths, node }: Pick<Machine, 'paths' | 'node'>): Unit {
  const configuration = join(paths.kubelet, 'config.yaml');
  const flags = join(paths.kubelet, 'kubeadm-flags.env');
  return {
    name: 'kubelet',
    argv: [
      join(paths.bin, 'kubelet'),
      `--bootstrap-kubeconfig=${join(paths.kubernetes, 'bootstrap-kubelet.conf')}`,
      `--kubeconfig=${join(paths.kubernetes, 'kubelet.conf')}`,
      `--config=${configuration}`,
      '$KUBELET_KUBEADM_ARGS',
    ],
    // After a restart of the host its routes are gone.
    ...(node.alone ? {} : { runFirst: networkCommands(paths) }),
    environmentFiles: [flags],
    waitForFiles: [configuration, flags],
    waitForSockets: [paths.containerdSocket],
  };
}
