import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { unmountBelow } from '@berth/exec';
import { UserError } from '@berth/model';
import { isWritten } from '../files';
import type { Machine } from '../machine';
import { endPods } from '../machine/leftovers';
import { kubeletUnit } from '../machine/units';
import { DNS_ADDRESS } from '../settings';
import type { CheckedStep } from '../step';
import { KUBERNETES_VERSION } from '../versions';
import { waitUntil } from '../wait';
import { getFromApi, readAdminConfig } from './api';
import { extraArguments, kubeadmFile, kubeadmPath, patchFiles, resolverFile } from './kubeadm-configuration';
import { isAvailable, readNodes } from './node';

/** Written before `kubeadm init` and after it: what lies between was interrupted. */
export const startedFile = ({ paths }: Machine) => join(paths.state, 'kubeadm/started');
export const finishedFile = ({ paths }: Machine) => join(paths.state, 'kubeadm/finished');

export function kubeletStep(machine: Machine): CheckedStep {
  const unit = kubeletUnit(machine);
  return {
    title: 'Kubelet',
    details: [`kubelet ${KUBERNETES_VERSION}; waits for what kubeadm writes`],
    done: () => machine.keeper.isRunning(unit),
    run: async (log) => {
      await refuseForeignControlPlane(machine);
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
  const { address, alone } = machine.node;
  // Where there are others, nodes get ready once their pods have a network, which needs the API server.
  const up = () => (alone ? isReady(machine) : answers(machine));
  return {
    title: 'Control plane',
    details: [
      `kubeadm init, Kubernetes ${KUBERNETES_VERSION}, at https://${address}:6443`,
      alone ? `one node, ${nodeName}` : `first node, ${nodeName}`,
    ],
    done: async () =>
      (await isInitialised(machine)) && (await lackingArguments(machine)).length === 0 && (await up()),
    run: async (log) => {
      await refuseForeignControlPlane(machine);
      if (!(await isInitialised(machine))) await initialise(machine, nodeName, log);
      else await giveArguments(machine, nodeName, log);
      const hint = `see ${machine.keeper.logHint('kubelet')}`;
      await waitUntil(`the API server did not answer${alone ? ' with a ready node' : ''}`, 180, hint, up);
    },
  };
}

export function dnsStep(machine: Machine): CheckedStep {
  const available = async () =>
    (await isAvailable(machine, 'kube-system', 'coredns')) &&
    // Only its nodes reach its services' addresses.
    (!machine.node.alone || (await resolvesServices()));
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

export async function isInitialised(machine: Machine): Promise<boolean> {
  return (
    (await machine.files.exists(finishedFile(machine))) && (await readAdminConfig(machine)) !== undefined
  );
}

/** Whether a control plane of ours was begun on this machine, or it was begun to join one; finished or not. */
export function isOurs(machine: Machine): Promise<boolean> {
  return machine.files.exists(startedFile(machine));
}

async function answers(machine: Machine): Promise<boolean> {
  return (await getFromApi<string>(machine, '/readyz')) === 'ok';
}

async function isReady(machine: Machine): Promise<boolean> {
  const [answer, nodes] = await Promise.all([answers(machine), readNodes(machine)]);
  return answer && nodes !== undefined && nodes.length > 0 && nodes.every(({ ready }) => ready);
}

/** A control plane that someone else made on this machine is never touched. */
export async function refuseForeignControlPlane(machine: Machine): Promise<void> {
  const there = await foreignControlPlane(machine);
  if (there.length === 0) return;
  throw new UserError(
    `this machine already has a control plane that Berth did not make: ${there.join(', ')}`,
    'name its kubeconfig and context in a cluster.json of its own; or remove it with: kubeadm reset',
  );
}

/** Folders of a control plane that someone else made; none when there is none, or it is ours. */
export async function foreignControlPlane(machine: Machine): Promise<string[]> {
  const { kubernetes, etcd } = machine.paths;
  if (await isOurs(machine)) return [];
  const there = [];
  for (const folder of [kubernetes, etcd])
    if ((await machine.files.list(folder)).length > 0) there.push(folder);
  return there;
}

async function initialise(machine: Machine, nodeName: string, log: (line: string) => void): Promise<void> {
  await removeControlPlane(machine);
  await writeConfiguration(machine, nodeName);
  await machine.files.write({ path: startedFile(machine), content: '' });
  await machine.keeper.ensure(kubeletUnit(machine));
  await kubeadmInit(machine, ['--skip-token-print'], log);
  await machine.files.write({ path: finishedFile(machine), content: '' });
}

/** The programs, by name of their static pods, that run without one of their {@link extraArguments}. */
async function lackingArguments({ paths, files, node }: Machine): Promise<string[]> {
  const lacking: string[] = [];
  for (const [name, wanted] of Object.entries(extraArguments(node))) {
    const manifest = await files.read(join(paths.kubernetes, 'manifests', `${name}.yaml`));
    const lines = manifest?.split('\n') ?? [];
    if (wanted.some((argument) => !lines.includes(`    - --${argument.name}=${argument.value}`)))
      lacking.push(name);
  }
  return lacking;
}

/** For a control plane that was made when Berth gave it fewer arguments. The kubelet restarts what changed. */
async function giveArguments(machine: Machine, nodeName: string, log: (line: string) => void): Promise<void> {
  const lacking = await lackingArguments(machine);
  if (lacking.length > 0) await writeConfiguration(machine, nodeName);
  for (const name of lacking)
    await kubeadmInit(machine, ['phase', 'control-plane', name.replace('kube-', '')], log);
}

async function writeConfiguration(machine: Machine, nodeName: string): Promise<void> {
  const resolver = await resolverFile(machine);
  const own = resolver.path.startsWith(machine.paths.state) ? [resolver] : [];
  for (const file of [await kubeadmFile(machine, nodeName), ...own, ...patchFiles(machine)])
    if (!(await isWritten(machine.files, file))) await machine.files.write(file);
}

/** @param rest of the command line: options or a phase */
async function kubeadmInit(machine: Machine, rest: string[], log: (line: string) => void): Promise<void> {
  const { paths } = machine;
  const argv = [join(paths.bin, 'kubeadm'), 'init', ...rest, '--config', kubeadmPath(paths)];
  await machine.runner.run(argv, { onLine: log, timeoutMs: 360_000, env: kubeadmEnvironment(machine) });
}

/** Ends the kubelet and its pods and removes their state; `refuseForeignControlPlane` comes before it. */
export async function removeControlPlane(machine: Machine): Promise<void> {
  const { kubernetes, kubelet, etcd } = machine.paths;
  await machine.files.remove(finishedFile(machine));
  await endKubeadm(machine);
  await machine.keeper.stop('kubelet');
  await endPods(machine, 'k8s.io');
  await unmountBelow(machine, [kubelet]);
  await machine.files.remove(kubernetes, kubelet, etcd);
}

/** One that an interrupted command has left: over ssh it goes on when the connection is lost, and writes its files. */
export async function endKubeadm({ processes, paths }: Machine): Promise<void> {
  const kubeadm = join(paths.bin, 'kubeadm');
  await processes.end(
    (await processes.list()).filter(({ argv }) => argv[0] === kubeadm),
    5_000,
  );
}

/** kubeadm looks for the kubelet in PATH, and must not ask a proxy for addresses of this machine. */
export function kubeadmEnvironment({ paths }: Pick<Machine, 'paths'>): Record<string, string | undefined> {
  return {
    PATH: `${paths.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HTTP_PROXY: undefined,
    HTTPS_PROXY: undefined,
    http_proxy: undefined,
    https_proxy: undefined,
  };
}
