import { Resolver } from 'node:dns/promises';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
import { EXTRA_ARGUMENTS, fallbackResolver, kubeadmFile, patchFiles } from './kubeadm-configuration';
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

/**
 * A control plane by kubeadm, once. After that its programs are given the arguments that they lack, and it is waited
 * for: the kubelet brings it up again by itself.
 */
export function controlPlaneStep(machine: Machine, nodeName: string): CheckedStep {
  return {
    title: 'Control plane',
    details: [`kubeadm init, Kubernetes ${KUBERNETES_VERSION}, at ${API_SERVER}`, `one node, ${nodeName}`],
    done: async () =>
      isInitialised(machine) && lackingArguments(machine).length === 0 && (await isReady(machine)),
    run: async (log) => {
      refuseForeignControlPlane(machine);
      if (!isInitialised(machine)) await initialise(machine, nodeName, log);
      else await giveArguments(machine, nodeName, log);
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
  writeConfiguration(machine, nodeName);
  writeWhole({ path: startedFile(machine), content: '' });
  await machine.keeper.ensure(kubeletUnit(machine.paths));
  await kubeadmInit(machine, nodeName, ['--skip-token-print'], log);
  writeWhole({ path: finishedFile(machine), content: '' });
}

/** The programs, by name of their static pods, that run without an argument of {@link EXTRA_ARGUMENTS}. */
function lackingArguments({ paths }: Machine): string[] {
  return Object.entries(EXTRA_ARGUMENTS)
    .filter(([name, wanted]) => {
      const manifest = join(paths.kubernetes, 'manifests', `${name}.yaml`);
      const lines = existsSync(manifest) ? readFileSync(manifest, 'utf8').split('\n') : [];
      return wanted.some((argument) => !lines.includes(`    - --${argument.name}=${argument.value}`));
    })
    .map(([name]) => name);
}

/** For a control plane that was made when Berth gave it fewer arguments. The kubelet restarts what changed. */
async function giveArguments(machine: Machine, nodeName: string, log: (line: string) => void): Promise<void> {
  const lacking = lackingArguments(machine);
  if (lacking.length > 0) writeConfiguration(machine, nodeName);
  for (const name of lacking)
    await kubeadmInit(machine, nodeName, ['phase', 'control-plane', name.replace('kube-', '')], log);
}

function writeConfiguration({ paths }: Machine, nodeName: string): void {
  for (const file of [kubeadmFile(paths, nodeName), fallbackResolver(paths), ...patchFiles(paths)])
    if (!isWritten(file)) writeWhole(file);
}

/** @param rest of the command line: options or a phase */
async function kubeadmInit(
  machine: Machine,
  nodeName: string,
  rest: string[],
  log: (line: string) => void,
): Promise<void> {
  const { paths } = machine;
  const argv = [join(paths.bin, 'kubeadm'), 'init', ...rest, '--config', kubeadmFile(paths, nodeName).path];
  await machine.runner.run(argv, { onLine: log, timeoutMs: 360_000, env: kubeadmEnvironment(machine) });
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
