import { join } from 'node:path';
import { stringify } from 'yaml';
import { getFromApi, adminConfigFile, kubectl } from '../control-plane/api';
import {
  finishedFile,
  kubeadmEnvironment,
  refuseForeignControlPlane,
  removeControlPlane,
  startedFile,
} from '../control-plane/control-plane';
import { IGNORED_CHECKS, resolverFile } from '../control-plane/kubeadm-configuration';
import type { Machine } from '../machine';
import { kubeletUnit } from '../machine/units';
import type { CheckedStep } from '../step';
import { HOST_ANNOTATION, type Host } from './host';

interface Node {
  metadata: { annotations?: Record<string, string> };
}

const joinPath = ({ paths }: Machine) => join(paths.state, 'kubeadm/join.yaml');

/**
 * Makes a host a node of the cluster, once. What an interrupted one has left is taken as it is when the host has
 * become a node, and removed otherwise.
 */
export function joinStep(first: Machine, { entry, nodeName, machine }: Host): CheckedStep {
  const unit = kubeletUnit(machine);
  const node = () => getFromApi<Node>(first, `/api/v1/nodes/${nodeName}`);
  const joined = async () => {
    const [there, finished] = await Promise.all([node(), machine.files.exists(finishedFile(machine))]);
    return finished && there !== undefined;
  };
  return {
    title: 'Join',
    details: [`kubeadm join ${first.node.address}:6443 as ${nodeName}, at ${machine.node.address}`],
    done: async () =>
      (await joined()) &&
      (await machine.keeper.isRunning(unit)) &&
      (await node())?.metadata.annotations?.[HOST_ANNOTATION] === entry,
    run: async (log) => {
      await refuseForeignControlPlane(machine);
      if (!(await joined()) && !(await adopt(machine, (await node()) !== undefined)))
        await joinAnew(first, machine, nodeName, log);
      await machine.keeper.ensure(unit);
      await annotate(first, nodeName, entry);
    },
  };
}

/** Which entry of cluster.json a node stands for. */
export async function annotate(first: Machine, nodeName: string, entry: string): Promise<void> {
  await kubectl(first, ['annotate', 'node', nodeName, `${HOST_ANNOTATION}=${entry}`, '--overwrite']);
}

/** Whether kubeadm had come to its end before it could be written down: the kubelet has its own certificate then. */
async function adopt(machine: Machine, isNode: boolean): Promise<boolean> {
  const { files, paths } = machine;
  const certificate = join(paths.kubelet, 'pki/kubelet-client-current.pem');
  const started = await files.exists(startedFile(machine));
  if (!started || !isNode || !(await files.exists(certificate))) return false;
  if (!(await files.exists(join(paths.kubernetes, 'kubelet.conf')))) return false;
  // It holds a token; kubeadm would have removed it.
  await files.remove(join(paths.kubernetes, 'bootstrap-kubelet.conf'));
  await files.write({ path: finishedFile(machine), content: '' });
  return true;
}

async function joinAnew(
  first: Machine,
  machine: Machine,
  nodeName: string,
  log: (line: string) => void,
): Promise<void> {
  const { files, paths, runner } = machine;
  await removeControlPlane(machine);
  await files.write({ path: startedFile(machine), content: '' });
  await files.write(await resolverFile(machine));
  const { token, hash } = await newToken(first);
  await files.write({
    path: joinPath(machine),
    // It holds the token.
    mode: 0o600,
    content: stringify(joinConfiguration(first, machine, nodeName, token, hash)),
  });
  await machine.keeper.ensure(kubeletUnit(machine));
  const argv = [join(paths.bin, 'kubeadm'), 'join', '--config', joinPath(machine)];
  try {
    await runner.run(argv, {
      onLine: log,
      timeoutMs: 240_000,
      env: kubeadmEnvironment(machine),
      redact: [token],
    });
  } finally {
    await files.remove(joinPath(machine)).catch(() => undefined);
  }
  await files.write({ path: finishedFile(machine), content: '' });
}

function joinConfiguration(
  first: Machine,
  { paths, node }: Machine,
  name: string,
  token: string,
  hash: string,
): object {
  return {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'JoinConfiguration',
    discovery: {
      bootstrapToken: {
        apiServerEndpoint: `${first.node.address}:6443`,
        token,
        caCertHashes: [hash],
      },
    },
    nodeRegistration: {
      name,
      criSocket: `unix://${paths.containerdSocket}`,
      kubeletExtraArgs: [{ name: 'node-ip', value: node.address }],
      ignorePreflightErrors: IGNORED_CHECKS,
    },
  };
}

/** Good for a quarter of an hour, so that one that an interruption has left is soon worth nothing. */
async function newToken(first: Machine): Promise<{ token: string; hash: string }> {
  const kubeadm = join(first.paths.bin, 'kubeadm');
  const config = ['--kubeconfig', adminConfigFile(first)];
  const argv = [kubeadm, 'token', 'create', '--ttl', '15m', '--print-join-command', ...config];
  const { stdout } = await first.runner.run(argv, { timeoutMs: 60_000, env: kubeadmEnvironment(first) });
  const token = /--token (\S+)/.exec(stdout)?.[1];
  const hash = /--discovery-token-ca-cert-hash (\S+)/.exec(stdout)?.[1];
  if (!token || !hash) throw new Error(`kubeadm token create printed no token: ${stdout}`);
  return { token, hash };
}
