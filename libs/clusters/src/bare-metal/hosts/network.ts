import type { CheckedStep } from '../step';
import { isWritten } from '../files';
import type { Machine } from '../machine';
import { getFromApi } from '../control-plane/api';
import { POD_SUBNET } from '../settings';
import { waitUntil } from '../wait';
import type { Host } from './host';
import { networkCommands, networkFiles, routesPath, ruleQuestions, type PodRoute } from './network-files';

interface NodeList {
  items: {
    metadata: { name: string };
    spec: { podCIDR?: string };
    status?: { addresses?: { type: string; address: string }[] };
  }[];
}

/** The pods' network of all hosts: each node has a part of it, as the control plane says, and a route to every other. */
export function hostsNetworkStep(first: Machine, hosts: readonly Host[]): CheckedStep {
  const there = async () => {
    const routes = await podRoutes(first);
    if (!hosts.every(({ nodeName }) => routes.some(({ name }) => name === nodeName))) return undefined;
    return routes;
  };
  return {
    title: 'Network of nodes and pods',
    details: hosts.map(
      ({ nodeName }) => `${nodeName}: its part of ${POD_SUBNET}, routes to the other nodes' parts`,
    ),
    done: async () => {
      const routes = await there();
      if (!routes) return false;
      return (await Promise.all(hosts.map((host) => isSet(host, routes)))).every(Boolean);
    },
    run: async () => {
      let routes: PodRoute[] | undefined;
      const hint = 'kubectl get nodes -o yaml, and the log of kube-controller-manager';
      await waitUntil('not every node has got its part of the pods’ network', 60, hint, async () => {
        routes = await there();
        return routes !== undefined;
      });
      await Promise.all(hosts.map((host) => setNetwork(host, routes ?? [])));
    },
  };
}

async function isSet({ nodeName, machine }: Host, routes: readonly PodRoute[]): Promise<boolean> {
  const { files, runner } = machine;
  const written = await Promise.all(filesOf(machine, nodeName, routes).map((file) => isWritten(files, file)));
  if (!written.every(Boolean)) return false;
  const { stdout } = await runner.run(['ip', '-4', 'route', 'show']);
  const others = routes.filter(({ name }) => name !== nodeName);
  if (!others.every(({ podSubnet, address }) => stdout.includes(`${podSubnet} via ${address} `)))
    return false;
  const rules = await Promise.all(ruleQuestions().map((argv) => runner.run(argv, { expect: [0, 1, 2] })));
  return rules.every(({ exitCode }) => exitCode === 0);
}

async function setNetwork({ nodeName, machine }: Host, routes: readonly PodRoute[]): Promise<void> {
  const before = await routedSubnets(machine);
  await machine.files.write(...filesOf(machine, nodeName, routes));
  for (const argv of networkCommands(machine.paths)) await machine.runner.run(argv, { expect: [0, 1, 2] });
  const after = await routedSubnets(machine);
  // Of nodes that have left.
  for (const subnet of before.filter((one) => !after.includes(one)))
    await machine.runner.run(['ip', 'route', 'delete', subnet], { expect: [0, 2] });
}

/** Takes the routes to other nodes away; nothing when there are none. */
export async function removeRoutes(machine: Machine): Promise<void> {
  for (const subnet of await routedSubnets(machine))
    await machine.runner.run(['ip', 'route', 'delete', subnet], { expect: [0, 2] });
}

async function routedSubnets({ files, paths }: Machine): Promise<string[]> {
  const text = (await files.read(routesPath(paths))) ?? '';
  return [...text.matchAll(/^route replace (\S+)/gm)].flatMap(([, subnet]) => subnet ?? []);
}

function filesOf(machine: Machine, nodeName: string, routes: readonly PodRoute[]) {
  const own = routes.find(({ name }) => name === nodeName);
  if (!own) throw new Error(`${nodeName} is no node`);
  return networkFiles(
    machine,
    own,
    routes.filter(({ name }) => name !== nodeName),
  );
}

/** Nodes that have a part of the pods' network, by name. */
async function podRoutes(first: Machine): Promise<PodRoute[]> {
  const list = await getFromApi<NodeList>(first, '/api/v1/nodes');
  return (list?.items ?? [])
    .flatMap(({ metadata: { name }, spec: { podCIDR }, status }) => {
      const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
      return podCIDR && address ? [{ name, address, podSubnet: podCIDR }] : [];
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
