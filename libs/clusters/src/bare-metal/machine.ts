import { LocalFiles, localProcesses, type HostFiles, type HostProcesses } from '@berth/exec';
import type { Runner, UnitKeeper } from '@berth/exec';
import type { MachinePaths } from './paths';
import { LOCAL_NODE, LOCAL_REGISTRY_URL, type NodeSettings } from './settings';

/** A machine that a cluster runs on, and what acts on it. Programs are built and downloaded on this one. */
export interface Machine {
  /** Runs its programs. */
  runner: Runner;
  /** Runs programs of this machine of ours, where images and programs are made. */
  here: Runner;
  files: HostFiles;
  processes: HostProcesses;
  keeper: UnitKeeper;
  paths: MachinePaths;
  /** What it is in its cluster's network. */
  node: NodeSettings;
  /** Where the cluster's registry answers this machine of ours: the registry itself, or a way to it. */
  registryUrl: () => Promise<string>;
  isRoot: boolean;
  /** As Go and Kubernetes name it. */
  architecture: 'amd64' | 'arm64';
  /** Downloads; replaced in tests. */
  fetch: typeof fetch;
}

export function thisMachine(runner: Runner, keeper: UnitKeeper, paths: MachinePaths): Machine {
  return {
    runner,
    here: runner,
    files: new LocalFiles(),
    processes: localProcesses,
    keeper,
    paths,
    node: LOCAL_NODE,
    registryUrl: async () => LOCAL_REGISTRY_URL,
    isRoot: process.getuid?.() === 0,
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    fetch,
  };
}
