import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { posix, resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { KubeClient } from '@berth/kube';
import { hostClaims, UserError, type Cluster, type Environment, type HostClaim } from '@berth/model';
import { checkNames } from '../../cluster/check-names';
import { readCluster as readReport } from '../../cluster/cluster-status';
import { isLocalhost, namesFor } from '../../cluster/dns-records';
import type { OuterAddress } from '../../cluster/outer-address';
import { askSwarm, isSwarmAlone } from '../../cluster/swarm-cluster';
import { dnsResolver } from '../../cluster/resolver';
import { environmentsOf, type EnvironmentsOfWorkspace } from '../../environment/environment-of';
import { gateway, gatewayOf } from '../../environment/gateway';
import { writeResult } from '../../result-file';
import { environmentNames, readCluster, readEnvironment, readServices } from '../../workspace/models';
import { withUserErrors } from '../user-errors';
import { clusterLines } from './status-lines';
import { swarmLines } from './swarm-lines';

export interface ClusterStatusOptions {
  /** DNS servers to ask, in place of this machine's. */
  dns?: string[];
  json?: string;
}

/** Milliseconds that a port of this machine gets to answer. */
const patienceMs = 2000;

/**
 * Shows what the cluster is, where its gateway answers, and which DNS records lead there; of a Swarm nodes and environments. It fails when the cluster cannot
 * be read, and for nothing that it shows: what is missing in DNS stands in the result file.
 */
export default function status({ dns, json }: ClusterStatusOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    // `--dns=a,b` comes from Nx as one string in a list.
    const resolver = dnsResolver(dns?.flatMap((each) => String(each).split(',')).filter(Boolean));
    const workspace = environmentsOf(context);
    const { projects } = context.projectsConfigurations;
    const name = posix.basename(projects[context.projectName ?? '']?.root ?? '');
    const cluster = readCluster(workspace.files, name, { local: true });
    if (isSwarmAlone(cluster)) {
      const report = await askSwarm(cluster);
      for (const line of swarmLines(cluster, report)) console.log(line);
      writeResult(context.root, json, { cluster: name, provider: cluster.provider, ...report });
      return;
    }
    const own = gatewayOf({ ...workspace, projects }, { cluster: name, orchestrator: 'kubernetes' });
    const namespace = own?.environment.name ?? gateway.environment;
    const report = await ask(cluster, context.root, namespace);
    const { environments, claims } = environmentsOn(cluster, workspace, projects);
    const targets = report.gateway.state === 'there' ? report.gateway.targets : [];
    const label = () => `berth-${randomBytes(6).toString('hex')}`;
    const names = await checkNames(namesFor(environments, claims), targets, resolver, label);
    const localhost = environments.some(({ domain }) => isLocalhost(domain))
      ? await onThisMachine(report.gateway)
      : undefined;
    const shown = {
      ...{ report, names, file: `${cluster.root}/cluster.json` },
      ...(own && { gatewayEnvironment: namespace }),
      ...(localhost && { localhost }),
    };
    for (const line of clusterLines(shown)) console.log(line);
    writeResult(context.root, json, { ...report, names, ...(localhost && { localhost }) });
  });
}

async function ask(cluster: Cluster, root: string, namespace: string) {
  const kubeconfig = resolve(root, cluster.kubeconfig);
  const client = KubeClient.from({ kubeconfig, context: cluster.context }, { onRetry: () => undefined });
  try {
    return await readReport(client, cluster, { kubeconfig, namespace, service: gateway.service });
  } finally {
    client.close();
  }
}

/** The environments of this workspace on the cluster, and their hosts. One that is wrong has none: its deploy says what is. */
function environmentsOn(
  cluster: Cluster,
  { files, options }: EnvironmentsOfWorkspace,
  projects: ExecutorContext['projectsConfigurations']['projects'],
): { environments: Environment[]; claims: HostClaim[] } {
  const environments: Environment[] = [];
  const claims: HostClaim[] = [];
  for (const name of environmentNames(files)) {
    try {
      const environment = readEnvironment(files, name, options, { local: true });
      if (environment.cluster !== cluster.name || environment.orchestrator !== 'kubernetes') continue;
      const hosts = hostClaims(environment, readServices(files, environment, projects));
      if (hosts.length === 0) continue;
      environments.push(environment);
      claims.push(...hosts);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return { environments, claims };
}

/** Whether the gateway's first port answers on this machine, as names below localhost need it. */
async function onThisMachine(found: OuterAddress): Promise<{ port: number; answers: boolean } | undefined> {
  const port = found.state === 'there' ? found.ports[0]?.port : undefined;
  if (port === undefined) return undefined;
  return { port, answers: await connects('127.0.0.1', port) };
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
