import { writeWhole } from '@berth/exec';
import { UserError, type Cluster, type GkeSettings } from '@berth/model';
import { cloudKubeconfig, deleteKubeconfigStep, isWritten } from '../cloud/kubeconfig';
import { refuseBeyondLimits } from '../cloud/limits';
import { loadBalancersStep, type Connect } from '../cloud/load-balancers';
import { PATIENCE, type Patience } from '../cloud/poll';
import type {
  ClusterProvider,
  ClusterStatus,
  ClusterSummary,
  Listing,
  Resizing,
  Step,
  Whereabouts,
} from '../provider';
import { checkChoices } from './choices';
import { GkeCommands, neededServices, workloadPool } from './commands';
import { createStep } from './create';
import { answers, isOurs, placeOf, POOL, stateNames, type GkeDescription } from './description';
import { deleteStep, leftoversStep, readLeftovers } from './destroy';
import { find, refuseForeign, whole } from './find';
import type { Gcloud } from './gcloud';
import { isEmpty } from './leftovers';
import { deleteMirrorStep, mirrorStep } from './mirror';
import { operationStep } from './operation-step';
import { GcloudRefusal } from './refusal';

/** Clusters of Google Kubernetes Engine, by Google's own tool. */
export class Gke implements ClusterProvider, Resizing, Listing {
  /** @param gcloudOf gives the gcloud that settings name */
  constructor(
    private readonly gcloudOf: (kind: GkeSettings['gcloud']) => Gcloud,
    private readonly workspace: string,
    private readonly patience: Patience = PATIENCE,
    private readonly connectKube?: Connect,
  ) {}

  async observe(cluster: Cluster): Promise<ClusterStatus> {
    const { gcloud, commands, settings } = this.#of(cluster);
    const found = await find(gcloud, commands, settings);
    if (!found) return { exists: false, ready: false, nodes: [] };
    const instances = await this.#ifAllowed(() =>
      gcloud.json<{ name: string; status: string }[]>(commands.instances(), settings),
    );
    const version = found.currentMasterVersion ?? '';
    const nodes = (instances ?? []).map(({ name, status }) => ({
      name,
      ready: status === 'RUNNING',
      version,
    }));
    return { exists: true, ready: answers(found) && nodes.every(({ ready }) => ready), nodes };
  }

  async planCreate(cluster: Cluster): Promise<Step[]> {
    const { gcloud, commands, settings } = this.#of(cluster);
    const missing = await this.#missingServices(gcloud, settings);
    const found = missing.includes('container.googleapis.com')
      ? undefined
      : await find(gcloud, commands, settings);
    if (found) refuseForeign(found, cluster);
    else if (!missing.includes('compute.googleapis.com')) await checkChoices(gcloud, cluster, settings);
    const credentials = await this.#credentialsStep(cluster, found);
    const steps = [
      missing.length > 0 ? this.#servicesStep(gcloud, settings, missing) : undefined,
      settings.dockerHubMirror ? await mirrorStep(gcloud, cluster, settings) : undefined,
      createStep({ gcloud, commands, settings, cluster, patience: this.patience }, found),
      ...(found ? this.#changes(cluster, found) : []),
      credentials,
    ];
    return steps.filter((step) => step !== undefined);
  }

  async planResize(cluster: Cluster, nodes: number): Promise<Step[]> {
    const { gcloud, commands, settings } = this.#of(cluster);
    const { pool } = settings;
    if (!pool) {
      throw new UserError(
        `The cluster ${cluster.name} is one of Autopilot: Google gives it the nodes that its pods need.`,
      );
    }
    refuseBeyondLimits(nodes, pool.autoscaling, cluster);
    const found = await find(gcloud, commands, settings);
    if (!found) throw notThere(cluster);
    refuseForeign(found, cluster);
    if (found.nodePools?.length === 1 && !settings.isRegion && found.currentNodeCount === nodes) return [];
    return [
      operationStep({ gcloud, commands, settings, cluster, patience: this.patience }, 'Nodes', [
        commands.resize(nodes),
      ]),
    ];
  }

  async planDestroy(cluster: Cluster): Promise<Step[]> {
    const { gcloud, commands, settings } = this.#of(cluster);
    const context = { gcloud, commands, settings, cluster, patience: this.patience };
    const found = await find(gcloud, commands, settings);
    if (found) refuseForeign(found, cluster);
    const { leftovers, prefixes } = await readLeftovers(context, found);
    const steps = [
      found && answers(found)
        ? await loadBalancersStep(cluster, this.workspace, this.patience, this.connectKube)
        : undefined,
      found ? deleteStep(context, found) : undefined,
      isEmpty(leftovers) ? undefined : leftoversStep(context, leftovers, prefixes),
      settings.dockerHubMirror ? await deleteMirrorStep(gcloud, cluster, settings) : undefined,
      deleteKubeconfigStep(cluster, this.workspace),
    ];
    return steps.filter((step) => step !== undefined);
  }

  async credentials(cluster: Cluster): Promise<void> {
    const { gcloud, commands, settings } = this.#of(cluster);
    const found = await find(gcloud, commands, settings);
    if (!found) throw notThere(cluster);
    writeWhole(this.#kubeconfig(cluster, gcloud, found));
  }

  async list({ project, gcloud: kind = 'image' }: Whereabouts): Promise<ClusterSummary[]> {
    if (project === undefined) {
      throw new UserError(
        'Nothing says in which project of Google Cloud to look.',
        'nx run berth:clusters --provider=gke --project=<id>',
      );
    }
    const gcloud = this.gcloudOf(kind);
    const all = await gcloud.json<GkeDescription[] | null>(
      ['container', 'clusters', 'list', '--project', project],
      { project },
    );
    return (all ?? []).filter(isOurs).map(({ name, location = '', status, currentNodeCount }) => ({
      name,
      place: `project ${project}, ${/-[a-z]$/.test(location) ? 'zone' : 'region'} ${location}`,
      state: stateNames[status] ?? status.toLowerCase(),
      ...(currentNodeCount === undefined ? {} : { nodes: currentNodeCount }),
    }));
  }

  /** What of cluster.json can be brought to a cluster that is there. */
  #changes(cluster: Cluster, found: GkeDescription): Step[] {
    const { gcloud, commands, settings } = this.#of(cluster);
    const { pool, project } = settings;
    if (!pool || !answers(found)) return [];
    const context = { gcloud, commands, settings, cluster, patience: this.patience };
    const wanted = pool.autoscaling;
    const { autoscaling: live = {} } = found.nodePools?.find(({ name }) => name === POOL) ?? {};
    const scaled = wanted
      ? live.enabled && live.minNodeCount === wanted.min && live.maxNodeCount === wanted.max
      : !live.enabled;
    const arguments_ = wanted ? commands.scaleNodes(wanted) : commands.stopScaling();
    const identified = found.workloadIdentityConfig?.workloadPool === workloadPool(project);
    return [
      ...(scaled ? [] : [operationStep(context, 'Autoscaling of nodes', [arguments_])]),
      ...(identified ? [] : [operationStep(context, 'Workload identity', [commands.workloadIdentity()])]),
    ];
  }

  async #missingServices(gcloud: Gcloud, settings: GkeSettings): Promise<string[]> {
    const enabled = await this.#ifAllowed(() =>
      gcloud.json<{ config?: { name?: string } }[]>(
        ['services', 'list', '--enabled', '--project', settings.project],
        settings,
      ),
    );
    if (!enabled) return [];
    const names = enabled.map(({ config }) => config?.name);
    return neededServices(settings).filter((service) => !names.includes(service));
  }

  #servicesStep(gcloud: Gcloud, settings: GkeSettings, services: readonly string[]): Step {
    const enable = ['services', 'enable', ...services, '--project', settings.project];
    return {
      title: 'APIs of Google Cloud',
      details: [gcloud.line(enable)],
      run: async () => void (await gcloud.run(enable, settings)),
    };
  }

  /** Where somebody may not ask, the answer is not known. */
  async #ifAllowed<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof GcloudRefusal && ['forbidden', 'disabled'].includes(error.kind)) return undefined;
      throw error;
    }
  }

  async #credentialsStep(cluster: Cluster, found: GkeDescription | undefined): Promise<Step | undefined> {
    const { gcloud } = this.#of(cluster);
    if (found && answers(found) && isWritten(this.#kubeconfig(cluster, gcloud, found))) return undefined;
    return {
      title: 'Credentials',
      details: [`write ${cluster.kubeconfig}, context ${cluster.context}`],
      run: () => this.credentials(cluster),
    };
  }

  #kubeconfig(cluster: Cluster, { tool }: Gcloud, found: GkeDescription) {
    const { endpoint, ca } = whole(found, cluster);
    return cloudKubeconfig(cluster, this.workspace, {
      server: `https://${endpoint}`,
      ca,
      plugin: tool.authPlugin,
      installHint: `Take the plugin that Google describes, or that of docker/gcloud: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl`,
    });
  }

  #of(cluster: Cluster) {
    const { gke: settings, name } = cluster;
    if (!settings) throw new Error(`${cluster.root}/cluster.json has no settings of gke`);
    const gcloud = this.gcloudOf(settings.gcloud);
    return { settings, gcloud, commands: new GkeCommands(name, settings) };
  }
}

function notThere(cluster: Cluster): UserError {
  return new UserError(
    `There is no cluster ${cluster.name} in ${placeOf(cluster)}.`,
    `nx create cluster-${cluster.name}`,
  );
}
