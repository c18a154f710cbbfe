import { UserError, type Cluster } from '@berth/model';
import type { Step } from '../../provider';
import { getFromApi, kubectl } from '../control-plane/api';
import { readNodes } from '../control-plane/node';
import type { Machine } from '../machine';
import { destroySteps } from '../teardown';
import type { Connections } from './connect';
import { HOST_ANNOTATION, hostOf, type Host } from './host';
import { hostsNetworkStep } from './network';

interface Listed<Item> {
  items: Item[];
}
interface Node {
  metadata: { name: string; annotations?: Record<string, string> };
}
interface Pod {
  metadata: { name: string; namespace: string; ownerReferences?: { kind: string }[] };
  spec: { nodeName?: string };
}
interface Volume {
  metadata: { name: string };
  spec: {
    claimRef?: { namespace: string; name: string };
    nodeAffinity?: { required?: { nodeSelectorTerms: { matchExpressions?: { values?: string[] }[] }[] } };
  };
}

/** Seconds that pods get to move; a PodDisruptionBudget may make them wait for each other. */
const DRAIN_SECONDS = 300;
/** Seconds, beyond the time that a pod has to end, after which one of a lost node is not waited for. */
const LOST_POD_SECONDS = 1;

/**
 * What is done for nodes whose host is no longer in cluster.json: pods move to the others, the node goes, and what is on
 * the host is deleted, where it still answers.
 * @param hosts those that stay, the first one's first
 * @throws UserError when volumes would go with a node
 */
export async function removalSteps(
  cluster: Cluster,
  hosts: readonly Host[],
  connections: Connections,
): Promise<Step[]> {
  const [first] = hosts;
  if (!first) return [];
  const left = await nodesThatLeft(first.machine, cluster);
  const steps: Step[] = [];
  for (const { nodeName, entry } of left) {
    await refuseVolumes(first.machine, cluster, nodeName);
    steps.push(await drainStep(first.machine, nodeName));
    const reached = await connections.reach(cluster, entry);
    const gone = 'facts' in reached ? hostOf(reached, first.machine.paths) : undefined;
    for (const step of gone ? await destroySteps(gone.machine, [], false) : [])
      steps.push({
        ...step,
        title: `${step.title} of ${nodeName}`,
        details: step.details.map((line) => `${nodeName}: ${line}`),
      });
    // At last: by its node the same command finds the host again, when this one is interrupted.
    steps.push(nodeStep(first.machine, nodeName, gone ? undefined : entry));
  }
  if (left.length > 0) steps.push(hostsNetworkStep(first.machine, hosts));
  return steps;
}

/** Nodes that were made for a host which cluster.json does not name any more. */
export async function nodesThatLeft(
  first: Machine,
  { hosts }: Cluster,
): Promise<{ nodeName: string; entry: string }[]> {
  const list = await getFromApi<Listed<Node>>(first, '/api/v1/nodes');
  return (list?.items ?? []).flatMap(({ metadata: { name, annotations } }) => {
    const entry = annotations?.[HOST_ANNOTATION];
    return entry === undefined || hosts.includes(entry) ? [] : [{ nodeName: name, entry }];
  });
}

/** A volume of this cluster is a folder of its node: what needs it runs there or nowhere. */
async function refuseVolumes(first: Machine, { name }: Cluster, nodeName: string): Promise<void> {
  const list = await getFromApi<Listed<Volume>>(first, '/api/v1/persistentvolumes');
  const claims = (list?.items ?? [])
    .filter(({ spec }) =>
      spec.nodeAffinity?.required?.nodeSelectorTerms.some(({ matchExpressions = [] }) =>
        matchExpressions.some(({ values = [] }) => values.includes(nodeName)),
      ),
    )
    .flatMap(({ spec: { claimRef } }) => claimRef ?? []);
  if (claims.length === 0) return;
  throw new UserError(
    `the node ${nodeName} has the data of ${claims.map((claim) => `${claim.namespace}/${claim.name}`).join(', ')}, which would be deleted with it; nothing was touched`,
    [
      'Put its host back into cluster.json, or, when the data is not needed or has been saved, delete the volumes and what uses them:',
      ...claims.map((claim) => `kubectl -n ${claim.namespace} delete persistentvolumeclaim ${claim.name}`),
      `Then: nx remove-hosts cluster-${name}`,
    ].join('\n'),
  );
}

async function drainStep(first: Machine, nodeName: string): Promise<Step> {
  const list = await getFromApi<Listed<Pod>>(first, '/api/v1/pods');
  const moved = (list?.items ?? []).filter(
    ({ metadata, spec }) =>
      spec.nodeName === nodeName &&
      !metadata.ownerReferences?.some(({ kind }) => ['DaemonSet', 'Node'].includes(kind)),
  );
  return {
    title: `Drain ${nodeName}`,
    details: [
      `no new pods on ${nodeName}`,
      ...moved.map(({ metadata }) => `move pod ${metadata.namespace}/${metadata.name}`),
    ],
    run: async (log) => {
      if (!(await getFromApi(first, `/api/v1/nodes/${nodeName}`))) return log('is no node any more');
      const limits = [`--timeout=${DRAIN_SECONDS}s`, '--ignore-daemonsets', '--delete-emptydir-data'];
      // Of a node that says nothing, nobody hears that a pod has ended.
      if (!(await isReady(first, nodeName)))
        limits.push(`--skip-wait-for-delete-timeout=${LOST_POD_SECONDS}`);
      await kubectl(first, ['drain', nodeName, ...limits], {
        timeoutMs: (DRAIN_SECONDS + 30) * 1000,
        onLine: log,
      });
    },
  };
}

async function isReady(first: Machine, nodeName: string): Promise<boolean> {
  const nodes = await readNodes(first);
  return nodes?.some(({ name, ready }) => name === nodeName && ready) ?? false;
}

function nodeStep(first: Machine, nodeName: string, silent: string | undefined): Step {
  return {
    title: `Remove ${nodeName}`,
    details: [
      `delete node ${nodeName}`,
      ...(silent === undefined
        ? []
        : [`${silent} does not answer: what is on that host stays there, and must not join again as it is`]),
    ],
    run: async (log) => {
      await kubectl(first, ['delete', 'node', nodeName, '--ignore-not-found'], { onLine: log });
    },
  };
}
