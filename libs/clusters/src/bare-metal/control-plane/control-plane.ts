import { Resolver } from 'node:dns/promises';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@berth/model';
import { isWritten, writeWhole } from '../files';
import type { Machine } from '../machine';
import { endPods, unmountBelow } from '../machine/leftovers';
import { kubeletUnit } from '../machine/units';
import { API_SERVER, DNS_ADDRESS } from '../settings';
import type { CheckedStep } from '../step';
import { KUBERNETES_VERSION } from '../versions';
import { waitUntil } from '../wait';
import { getFromApi, readAdminConfig } from './api';
import { fallbackResolver, kubeadmFile, patchFiles } from './kubeadm-configuration';
import { isAvailable, readNodes } from './node';

/** Written before `kubeadm init` and after it: what lies between was interrupted. */
const startedFile = ({ paths }: Machine) => join(paths.state, 'kubeadm/started');
const finishedFile = ({ paths }: Machine) => join(paths.state, 'kubeadm/finished');

export function kubeletStep(machine: Machine): CheckedStep {
  const unit = kubeletUnit(machine.paths);
  return {
    title: 'Kubelet',
    details: [`kubelet ${KUBERNETES_VERSION}; waits for what kubeadm writes`],
    done: () => machine.keeper.isRunning(unit),
    run: async (log) => {
      refuseForeignControlPlane(machine);
      await machine.keeper.ensure(unit);
      log(`its output: ${machine.keeper.logHint(unit.name)}`);
    },
  };
}

/** A control plane by kubeadm, once; after that it is only waited for: the kubelet brings it up again by itself. */
export function controlPlaneStep(machine: Machine, nodeName: string): CheckedStep {
  return {
    title: 'Control plane',
    details: [`kubeadm init, Kubernetes ${KUBERNETES_VERSION}, at ${API_SERVER}`, `one node, ${nodeName}`],
    done: async () => isInitialised(machine) && (await isReady(machine)),
    run: async (log) => {
      refuseForeignControlPlane(machine);
      if (!isInitialised(machine)) await initialise(machine, nodeName, log);
      const hint = `see ${machine.keeper.logHint('kubelet')}`;
      await waitUntil('the API server did not answer with a ready node', 180, hint, () => isReady(machine));
    },
  };
}

export function dnsStep(machine: Machine): CheckedStep {
  const available = async () =>
    (await isAvailable(machine, 'kube-system', 'coredns')) && (await resolvesServices());
  return {
    title: 'Cluster DNS',
    details: ['CoreDNS answers'],
    done: available,
    run: async () => {
      const hint = `kubectl --kubeconfig ${machine.paths.kubernetes}/admin.conf -n kube-system describe pods -l k8s-app=kube-dns`;
      await waitUntil('CoreDNS was not ready', 120, hint, available);
    },
  };
}

/** Asked for real: right after a power cut the API server still tells what it last heard of CoreDNS. */
async function resolvesServices(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([DNS_ADDRESS]);
  return (await resolver.resolve4('kubernetes.default.svc.cluster.local')).length > 0;
}

export function isInitialised(machine: Machine): boolean {
  return existsSync(finishedFile(machine)) && readAdminConfig(machine) !== undefined;
}

/** Whether a control plane of ours was begun on this machine, finished or not. */
export function isOurs(machine: Machine): boolean {
  return existsSync(startedFile(machine));
}

async function isReady(machine: Machine): Promise<boolean> {
  const [answer, nodes] = await Promise.all([getFromApi<string>(machine, '/readyz'), readNodes(machine)]);
  return answer === 'ok' && nodes !== undefined && nodes.length > 0 && nodes.every(({ ready }) => ready);
}

/** A control plane that someone else made on this machine is never touched. */
export function refuseForeignControlPlane(machine: Machine): void {
  const { kubernetes, etcd } = machine.paths;
  const there = [kubernetes, etcd].filter((folder) => existsSync(folder) && readdirSync(folder).length > 0);
  if (there.length === 0 || isOurs(machine)) return;
  throw new UserError(
    `this machine already has a control plane that Berth did not make: ${there.join(', ')}`,
    'name its kubeconfig and context in a cluster.json of its own; or remove it with: kubeadm reset',
  );
}

async function initialise(machine: Machine, nodeName: string, log: (line: string) => void): Promise<void> {
  await removeControlPlane(machine);
  for (const file of [
    kubeadmFile(machine.paths, nodeName),
    fallbackResolver(machine.paths),
    ...patchFiles(machine.paths),
  ]) {
    if (!isWritten(file)) writeWhole(file);
  }
  writeWhole({ path: startedFile(machine), content: '' });
  await machine.keeper.ensure(kubeletUnit(machine.paths));
  const argv = [
    join(machine.paths.bin, 'kubeadm'),
    'init',
    '--skip-token-print',
    '--config',
    kubeadmFile(machine.paths, nodeName).path,
  ];
  await machine.runner.run(argv, { onLine: log, timeoutMs: 360_000, env: kubeadmEnvironment(machine) });
  writeWhole({ path: finishedFile(machine), content: '' });
}

/** Ends the kubelet and its pods and removes their state; `refuseForeignControlPlane` comes before it. */
export async function removeControlPlane(machine: Machine): Promise<void> {
  const { kubernetes, kubelet, etcd } = machine.paths;
  rmSync(finishedFile(machine), { force: true });
  await machine.keeper.stop('kubelet');
  await endPods(machine, 'k8s.io');
  await unmountBelow(machine, [kubelet]);
  for (const folder of [kubernetes, kubelet, etcd]) rmSync(folder, { recursive: true, force: true });
}

/** kubeadm looks for the kubelet in PATH, and must not ask a proxy for addresses of this machine. */
function kubeadmEnvironment({ paths }: Machine): Record<string, string | undefined> {
  return {
    PATH: `${paths.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HTTP_PROXY: undefined,
    HTTPS_PROXY: undefined,
    http_proxy: undefined,
    https_proxy: undefined,
  };
}
