import { type Runner } from '@berth/exec';
import { UserError, type Cluster } from '@berth/model';
import type { ClusterProvider, ClusterStatus, Step } from '../../provider';
import { metricsStep, storageStep } from '../addons/steps';
import { getFromApi } from '../control-plane/api';
import { controlPlaneStep, dnsStep, isInitialised, kubeletStep } from '../control-plane/control-plane';
import { credentialsStep, kubeconfigPath, writeCredentials } from '../control-plane/credentials';
import { markStep } from '../control-plane/mark';
import { readNodes } from '../control-plane/node';
import { refuseOtherVersion } from '../control-plane/version';
import { systemImagesStep } from '../images/system-images';
import { containerdStep, hostsRegistryStep, registryStep } from '../machine/engine';
import { kernelStep } from '../machine/kernel';
import { namespacesFolderStep } from '../machine/network-namespaces';
import { FIRST_HOST_PACKAGES, HOST_PACKAGES, packagesStep } from '../machine/packages';
import { machinePaths, type MachinePaths } from '../paths';
import { installStep, NODE_PROGRAMS, programsStep } from '../programs/programs';
import { missingSteps, together, type CheckedStep } from '../step';
import { destroySteps, runningParts, STOP, stopStep } from '../teardown';
import { waitUntil } from '../wait';
import { Connections, fitHosts, hostsOf } from './connect';
import { onEach, sideBySide, type HostPlan } from './each';
import { HOST_ANNOTATION, type Host } from './host';
import { annotate, joinStep } from './join';
import { hostsNetworkStep } from './network';
import { removalSteps } from './remove';

/** A cluster on hosts that are reached by ssh, by kubeadm: the first runs the control plane, all of them run services. */
export class HostsCluster implements ClusterProvider {
  readonly #connections: Connections;
  readonly #paths: MachinePaths;
  /** Of this machine, where programs are made. */
  readonly #architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

  /**
   * @param home of the user on this machine, with known hosts and the cache of programs
   * @param paths on the hosts, where they are to be others
   */
  constructor(
    runner: Runner,
    private readonly workspace: string,
    home: string,
    paths: MachinePaths = machinePaths(home),
  ) {
    this.#connections = new Connections(runner, workspace, home);
    this.#paths = paths;
  }

  async observe(cluster: Cluster): Promise<ClusterStatus> {
    const { machine } = await this.#first(cluster);
    const nodes = await readNodes(machine);
    return {
      exists: await isInitialised(machine),
      ready: nodes !== undefined && nodes.length > 0 && nodes.every(({ ready }) => ready),
      nodes: nodes ?? [],
    };
  }

  /** Hosts that have left cluster.json are left as they are: {@link planRemoval} takes them out. */
  async planCreate(cluster: Cluster): Promise<Step[]> {
    const hosts = await fitHosts(this.#connections, cluster, this.#architecture, this.#paths);
    await refuseOtherVersion(firstOf(hosts).machine, cluster);
    return missingSteps(await this.#steps(cluster, hosts));
  }

  /** Drains and removes the nodes of hosts that are no longer in cluster.json. Empty when there are none. */
  async planRemoval(cluster: Cluster): Promise<Step[]> {
    const hosts = await fitHosts(this.#connections, cluster, this.#architecture, this.#paths);
    return removalSteps(cluster, hosts, this.#connections);
  }

  /** Ends everything on all hosts, and keeps all data. */
  async planStop(cluster: Cluster): Promise<Step[]> {
    const steps: Step[] = [];
    for (const { nodeName, machine } of (await this.#all(cluster)).reverse())
      if ((await runningParts(machine)).length > 0) steps.push(named(await stopStep(machine), nodeName));
    return steps;
  }

  /**
   * All is stopped at once: else the pods of each host that goes would be started on those that are left. What the first
   * host has is deleted last, so that an interrupted one still has the cluster to go on with.
   */
  async planDestroy(cluster: Cluster): Promise<Step[]> {
    const plans = await Promise.all(
      (await this.#all(cluster)).map(async ({ nodeName, machine }, index) => {
        const kubeconfigs = index === 0 ? [kubeconfigPath(cluster, this.workspace)] : [];
        return { nodeName, steps: await destroySteps(machine, kubeconfigs, false) };
      }),
    );
    const part = (hosts: readonly HostPlan[], stopping: boolean) =>
      sideBySide(
        hosts.map(({ nodeName, steps }) => ({
          nodeName,
          steps: steps.filter(({ title }) => (title === STOP) === stopping),
        })),
      );
    return [...part(plans, true), ...part(plans.slice(1), false), ...part(plans.slice(0, 1), false)];
  }

  async credentials(cluster: Cluster): Promise<void> {
    await writeCredentials((await this.#first(cluster)).machine, cluster, this.workspace);
  }

  /** Ends the connections. */
  close(): Promise<void> {
    return this.#connections.close();
  }

  async #steps(cluster: Cluster, hosts: readonly Host[]): Promise<CheckedStep[]> {
    const first = firstOf(hosts);
    const others = hosts.slice(1);
    const { machine } = first;
    const packages = (host: Host) =>
      host === first ? [...HOST_PACKAGES, ...FIRST_HOST_PACKAGES] : HOST_PACKAGES;
    return [
      await onEach('Debian packages', hosts, (one, host) => packagesStep(one, packages(host))),
      await onEach('Kernel settings', hosts, kernelStep),
      await onEach('Folder of network namespaces', hosts, namespacesFolderStep),
      registryStep(machine),
      ...(others.length > 0 ? [hostsRegistryStep(machine)] : []),
      await onEach('Container runtime', hosts, containerdStep),
      programsStep(machine),
      await onEach('Programs on the hosts', hosts, (one, host) =>
        host === first ? installStep(one) : installStep(one, NODE_PROGRAMS),
      ),
      systemImagesStep(
        machine,
        hosts.map((host) => host.machine),
      ),
      kubeletStep(machine),
      controlPlaneStep(machine, first.nodeName),
      ...(others.length > 0 ? [await onEach('Join', others, (_, host) => joinStep(machine, host))] : []),
      hostsNetworkStep(machine, hosts),
      nodesStep(first, hosts),
      // They wait for pods, and not for one another.
      together('Cluster DNS, storage, metrics', [
        dnsStep(machine),
        storageStep(machine),
        metricsStep(machine),
      ]),
      credentialsStep(machine, cluster, this.workspace),
      markStep(machine, cluster),
    ];
  }

  /** @throws UserError when it does not answer */
  async #first(cluster: Cluster): Promise<Host> {
    const reached = await this.#connections.reach(cluster, cluster.hosts[0] ?? '');
    if ('error' in reached) throw reached.error;
    return firstOf(hostsOf([reached], this.#paths).map(({ host }) => host));
  }

  /** @throws UserError with all that do not answer */
  async #all(cluster: Cluster): Promise<Host[]> {
    const reached = await Promise.all(cluster.hosts.map((entry) => this.#connections.reach(cluster, entry)));
    const silent = reached.flatMap((one) => ('error' in one ? [one.error] : []));
    if (silent.length > 0)
      throw new UserError(
        [
          `not every host of cluster ${cluster.name} answers; nothing was touched:`,
          ...silent.map(({ message }) => `  ${message}`),
        ].join('\n'),
        [
          ...silent.flatMap(({ hint }) => hint ?? []),
          `A host that is gone for good: take it out of ${cluster.root}/cluster.json, then nx remove-hosts cluster-${cluster.name}`,
        ].join('\n'),
      );
    return hostsOf(reached, this.#paths).map(({ host }) => host);
  }
}

function firstOf(hosts: readonly Host[]): Host {
  const [first] = hosts;
  if (!first) throw new Error('a cluster without hosts');
  return first;
}

function named(step: Step, nodeName: string): Step {
  return {
    ...step,
    details: step.details.map((line) => `${nodeName}: ${line}`),
    title: `${step.title} on ${nodeName}`,
  };
}

/** Every host's node is ready, once its pods have a network. */
function nodesStep(first: Host, hosts: readonly Host[]): CheckedStep {
  const named = async () => {
    const path = `/api/v1/nodes/${first.nodeName}`;
    const node = await getFromApi<{ metadata: { annotations?: Record<string, string> } }>(
      first.machine,
      path,
    );
    return node?.metadata.annotations?.[HOST_ANNOTATION] === first.entry;
  };
  const ready = async () => {
    const nodes = await readNodes(first.machine);
    return hosts.every(({ nodeName }) => nodes?.some((node) => node.name === nodeName && node.ready));
  };
  return {
    title: 'Nodes',
    details: hosts.map(({ nodeName }) => `${nodeName} is ready`),
    done: async () => (await ready()) && (await named()),
    run: async () => {
      await annotate(first.machine, first.nodeName, first.entry);
      const hint = `kubectl describe nodes; on the host: ${first.machine.keeper.logHint('kubelet')}`;
      await waitUntil('not every node was ready', 120, hint, ready);
    },
  };
}
