import { existsSync } from 'node:fs';
import { UserError, type Cluster } from '@berth/model';
import type { ClusterProvider, ClusterStatus, Step } from '../provider';
import { metricsStep, storageStep } from './addons/steps';
import { controlPlaneStep, dnsStep, isInitialised, kubeletStep } from './control-plane/control-plane';
import { credentialsStep, kubeconfigPath, writeCredentials } from './control-plane/credentials';
import { markStep } from './control-plane/mark';
import { readNodes } from './control-plane/node';
import { refuseOtherVersion } from './control-plane/version';
import { systemImagesStep } from './images/system-images';
import type { Machine } from './machine';
import { containerdStep, dockerStep, registryStep } from './machine/engine';
import { kernelStep } from './machine/kernel';
import { networkStep } from './machine/network';
import { namespacesFolderStep } from './machine/network-namespaces';
import { CLUSTER_PACKAGES, packagesStep, type DebianPackage } from './machine/packages';
import { controlPlanePrograms, type ControlPlanePrograms } from './programs/control-plane-programs';
import { installStep, programsStep } from './programs/programs';
import { missingSteps, type CheckedStep } from './step';
import { destroySteps, runningParts, stopStep } from './teardown';

/** A cluster on this machine, by kubeadm, with the image registry and the image engine that belong to it. */
export class BareMetal implements ClusterProvider {
  constructor(
    private readonly machine: Machine,
    private readonly workspace: string,
  ) {}

  async observe(cluster: Cluster): Promise<ClusterStatus> {
    onlyThisMachine(cluster);
    const nodes = await readNodes(this.machine);
    return {
      exists: await isInitialised(this.machine),
      ready: nodes !== undefined && nodes.length > 0 && nodes.every(({ ready }) => ready),
      nodes: nodes ?? [],
    };
  }

  /** Registry and engine come first in it, so that images can be built before there is a cluster. */
  async planCreate(cluster: Cluster): Promise<Step[]> {
    onlyThisMachine(cluster);
    const missing = await missingSteps([...(await this.#engineSteps()), ...this.#clusterSteps(cluster)]);
    const steps = this.#needingRoot(missing);
    // After it: only root may read what the cluster was made with.
    await refuseOtherVersion(this.machine, cluster);
    return steps;
  }

  /** The part of {@link planCreate} that brings up image registry and image engine only. */
  async planEngine(): Promise<Step[]> {
    return this.#needingRoot(await missingSteps(await this.#engineSteps()));
  }

  /** Further Debian packages that somebody needs on this machine, for example to build images; empty when all are there. */
  async planPackages(title: string, packages: readonly DebianPackage[]): Promise<Step[]> {
    return missingSteps([await packagesStep(this.machine, packages, title)]);
  }

  /** Ends everything and keeps all data: `planCreate` then brings it back. Empty when nothing runs. */
  async planStop(cluster: Cluster): Promise<Step[]> {
    onlyThisMachine(cluster);
    return (await runningParts(this.machine)).length > 0 ? [await stopStep(this.machine)] : [];
  }

  /** @param options.programs also the built or downloaded programs, which the next cluster would use again */
  async planDestroy(cluster: Cluster, options: { programs?: boolean } = {}): Promise<Step[]> {
    onlyThisMachine(cluster);
    return destroySteps(this.machine, [kubeconfigPath(cluster, this.workspace)], options.programs ?? false);
  }

  async credentials(cluster: Cluster): Promise<void> {
    onlyThisMachine(cluster);
    await writeCredentials(this.machine, cluster, this.workspace);
  }

  /** The programs of a control plane that is somebody's own; built or downloaded where the cache does not have them. */
  controlPlanePrograms(log: (line: string) => void): Promise<ControlPlanePrograms> {
    return controlPlanePrograms(this.machine, log);
  }

  async #engineSteps(): Promise<CheckedStep[]> {
    const { machine } = this;
    return [
      await packagesStep(machine, CLUSTER_PACKAGES),
      kernelStep(machine),
      namespacesFolderStep(machine),
      registryStep(machine),
      containerdStep(machine),
      dockerStep(machine),
    ];
  }

  #clusterSteps(cluster: Cluster): CheckedStep[] {
    const { machine } = this;
    return [
      programsStep(machine),
      installStep(machine),
      systemImagesStep(machine),
      networkStep(machine),
      kubeletStep(machine),
      controlPlaneStep(machine, `${cluster.name}-1`),
      dnsStep(machine),
      storageStep(machine),
      metricsStep(machine),
      credentialsStep(machine, cluster, this.workspace),
      markStep(machine, cluster),
    ];
  }

  /** Packages are the first step, and say by themselves what root has to type. */
  #needingRoot(steps: Step[]): Step[] {
    if (this.machine.isRoot || steps.length === 0 || steps[0]?.title === 'Debian packages') return steps;
    throw new UserError(
      `only root can run a cluster on this machine; missing: ${steps.map(({ title }) => title).join(', ')}`,
      existsSync('/usr/bin/sudo') ? 'sudo -E npm start' : 'run it as root',
    );
  }
}

function onlyThisMachine({ name, root, hosts }: Cluster): void {
  if (hosts.length === 1 && ['localhost', '127.0.0.1'].includes(hosts[0] ?? '')) return;
  throw new UserError(
    `${root}/cluster.json at hosts: cluster ${name} has the hosts ${JSON.stringify(hosts)}, and npm start takes only this machine`,
    `write "hosts": ["localhost"]; or, for these hosts: nx create cluster-${name}`,
  );
}
