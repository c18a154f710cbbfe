import { type Runner, RunnerFiles, RunnerProcesses, runnerHost, SshRunner, Supervisor } from '@berth/exec';
import type { Machine } from '../machine';
import { Systemd } from '../machine/systemd';
import type { MachinePaths } from '../paths';
import { LOCAL_REGISTRY_URL } from '../settings';
import type { HostFacts } from './facts';
import { registryWay } from './registry-way';

/** A host of cluster.json with the machine that it is. */
export interface Host {
  /** As cluster.json names it; an annotation of its node says so too. */
  entry: string;
  /** Its hostname. */
  nodeName: string;
  machine: Machine;
}

/** Of a Node: the entry of cluster.json that it was made for. */
export const HOST_ANNOTATION = 'berth.dev/host';

/** A host that answered. */
export interface Answering {
  /** As cluster.json names it. */
  entry: string;
  /** Runs programs on this machine. */
  here: Runner;
  /** As the user that cluster.json names. */
  ssh: SshRunner;
  facts: HostFacts;
}

/** @param first address of the first host; undefined when it is this one */
export function hostOf(
  { entry, here, ssh, facts }: Answering,
  paths: MachinePaths,
  first?: string | undefined,
): Host {
  const runner = facts.root === 'sudo' ? ssh.asRoot() : ssh;
  const files = new RunnerFiles(runner);
  return {
    entry,
    nodeName: facts.hostname,
    machine: {
      runner,
      here,
      files,
      processes: new RunnerProcesses(runner),
      keeper: facts.systemd
        ? new Systemd(runner, files)
        : new Supervisor(paths.units, paths.logs, runnerHost(runner, facts.node ?? '/usr/bin/node')),
      paths,
      node: {
        address: facts.address,
        device: facts.device,
        registryMirror: first === undefined ? LOCAL_REGISTRY_URL : `http://${first}:5000`,
        alone: false,
      },
      registryUrl: registryWay(ssh),
      isRoot: true,
      architecture: facts.architecture === 'arm64' ? 'arm64' : 'amd64',
      fetch,
    },
  };
}
