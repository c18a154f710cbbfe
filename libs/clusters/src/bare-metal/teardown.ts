import { rmSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { mountsBelow, unmountBelow, type Unit } from '@berth/exec';
import type { Step } from '../provider';
import { endKubeadm, isOurs, refuseForeignControlPlane } from './control-plane/control-plane';
import type { Machine } from './machine';
import { dockerFile } from './machine/configuration';
import { restoreKernelSettings } from './machine/kernel';
import {
  endPods,
  hasOwnRules,
  removeEmptyFolders,
  removeOwnRules,
  removePodCgroups,
  shims,
} from './machine/leftovers';
import { removeRoutes } from './hosts/network';
import { RULE_COMMENT } from './machine/network';
import { removeNamespacesFolder, removePodNamespaces, removePorts } from './machine/network-namespaces';
import { containerdUnit, dockerUnit, hostsRegistryUnit, kubeletUnit, registryUnit } from './machine/units';
import { NODE_BRIDGE, POD_BRIDGE } from './settings';

/** Title of the step by which nothing of the cluster runs any more. */
export const STOP = 'Stop the cluster';

/** Names of what runs now, for people. */
export async function runningParts(machine: Machine): Promise<string[]> {
  const units: Unit[] = [
    kubeletUnit(machine),
    dockerUnit(machine.paths),
    containerdUnit(machine.paths),
    registryUnit(machine.paths),
    hostsRegistryUnit(machine.paths),
  ];
  const running = await Promise.all(units.map((unit) => machine.keeper.isRunning(unit)));
  const pods = (await shims(machine)).length;
  return [
    ...units.filter((_, index) => running[index]).map(({ name }) => name),
    ...(pods > 0 ? [`${pods} pods or containers`] : []),
  ];
}

/** Ends everything of the cluster, first what would start the rest again. */
export async function stopStep(machine: Machine): Promise<Step> {
  const parts = await runningParts(machine);
  return {
    title: STOP,
    details: parts.map((part) => `end ${part}`),
    run: async (log) => {
      await endKubeadm(machine);
      await machine.keeper.stop('kubelet');
      await machine.keeper.stop('docker');
      log('ending pods');
      await endPods(machine);
      await machine.keeper.stop('containerd');
      await machine.keeper.stop('registry-for-hosts');
      await machine.keeper.stop('registry');
      await unmountBelow(machine, mountedFolders(machine));
      await removePodNamespaces(machine);
      await removePorts(machine, POD_BRIDGE);
    },
  };
}

/** Everything, each step with the list of what it deletes. Empty when there is nothing. */
export async function destroySteps(
  machine: Machine,
  kubeconfigs: readonly string[],
  programs: boolean,
): Promise<Step[]> {
  const { paths } = machine;
  const ours = await isOurs(machine);
  const ownDocker = await machine.files.exists(dockerFile(paths).path);
  const state = ours ? await existing(machine, [paths.kubernetes, paths.kubelet, paths.etcd]) : [];
  const bridges = (
    await existing(
      machine,
      [NODE_BRIDGE, POD_BRIDGE, ...(ownDocker ? ['docker0'] : [])].map((name) => `/sys/class/net/${name}`),
    )
  ).map((path) => basename(path));
  const files = await existing(machine, [
    paths.runtime,
    ...(ours ? paths.podLogs : []),
    ...(await networkResults(machine)),
    // At last: it says whose the others are.
    paths.state,
  ]);
  const here = [...kubeconfigs, ...(programs ? [paths.cache] : [])].filter((path) => existsSync(path));
  const steps: Step[] = [];
  const mounts = await mountsBelow(machine, mountedFolders(machine));
  if ((await runningParts(machine)).length > 0 || mounts.length > 0) {
    steps.push(await stopStep(machine));
  }
  if (state.length > 0) {
    steps.push({
      title: 'Delete the control plane',
      details: state.map((folder) => `delete ${folder}`),
      run: async () => {
        await refuseForeignControlPlane(machine);
        await unmountBelow(machine, [paths.kubelet]);
        await machine.files.remove(...state);
        await removePodCgroups(machine);
      },
    });
  }
  // A node that never had a pod with a network of its own has no bridge, and the rules of kube-proxy all the same.
  if (bridges.length > 0 || (ours && (await hasOwnRules(machine, RULE_COMMENT, ownDocker)))) {
    steps.push({
      title: 'Delete the network',
      details: [
        ...bridges.map((name) => `delete bridge ${name}`),
        `delete iptables chains KUBE-*, CNI-*${ownDocker ? ', DOCKER*' : ''} and rules for pods`,
      ],
      run: async () => {
        await removeRoutes(machine);
        await removeOwnRules(machine, RULE_COMMENT, ownDocker);
        // Stopping may have been interrupted before it came to them.
        await removePodNamespaces(machine);
        for (const name of bridges) {
          if (name !== NODE_BRIDGE) await removePorts(machine, name);
          await machine.runner.run(['ip', 'link', 'delete', name], { expect: [0, 1] });
        }
      },
    });
  }
  if (files.length + here.length > 0) {
    steps.push({
      title: 'Delete images, volumes and files',
      details: [...files, ...here].map((path) => `delete ${path}`),
      run: async () => {
        await restoreKernelSettings(machine);
        // Pods have come since it was planned.
        await machine.files.remove(...new Set([...(await networkResults(machine)), ...files]));
        for (const path of here) rmSync(path, { recursive: true, force: true });
        await removeEmptyFolders(machine, sharedFolders(machine));
        await removeNamespacesFolder(machine);
      },
    });
  }
  return steps;
}

function mountedFolders({ paths }: Machine): string[] {
  return [paths.kubelet, paths.runtime, paths.state];
}

/** What CNI remembers of our network's pods, and of their loopback devices; other networks' files stay. */
async function networkResults({ paths, files }: Machine): Promise<string[]> {
  const found = await Promise.all(
    paths.cniResults.map(async (folder) => (await files.list(folder)).map((name) => join(folder, name))),
  );
  const all = found.flat();
  const pods = all.flatMap((path) => /^berth-([^-]+)/.exec(basename(path))?.[1] ?? []);
  const loopbacks = pods.map((pod) => `cni-loopback-${pod}-lo`);
  // By the others these are found: they go last.
  return [
    ...all.filter((path) => loopbacks.includes(basename(path))),
    ...all.filter((path) => basename(path).startsWith('berth-')),
  ];
}

/** Of whatever runs containers, the inner ones first. */
function sharedFolders({ paths }: Machine): string[] {
  const cni = paths.cniResults.flatMap((folder) => [folder, dirname(folder)]);
  const containerd = ['s', 'runc/k8s.io', 'runc', ''].map((name) => join('/run/containerd', name));
  return [...new Set(cni.toSorted((one, other) => other.length - one.length)), ...containerd];
}

async function existing({ files }: Machine, paths: readonly string[]): Promise<string[]> {
  const there = await Promise.all(paths.map((path) => files.exists(path)));
  return paths.filter((_, index) => there[index]);
}
