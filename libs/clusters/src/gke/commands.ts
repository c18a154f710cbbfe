import type { GkeSettings } from '@berth/model';
import { BERTH, CLUSTER, MANAGED_BY } from '../cloud/labels';
import { POOL } from './description';

/** The arguments to gcloud for one cluster. `--async` leaves the waiting to Berth, which tells of the progress. */
export class GkeCommands {
  readonly #where: string[];

  constructor(
    private readonly name: string,
    private readonly settings: GkeSettings,
  ) {
    this.#where = ['--project', settings.project, '--location', settings.location];
  }

  create(): string[] {
    const { pool, project, releaseChannel } = this.settings;
    const common = [
      ...this.#where,
      ...['--release-channel', releaseChannel],
      ...['--labels', `${MANAGED_BY}=${BERTH},${CLUSTER}=${this.name}`],
      // An open port of the kubelet that nothing of ours reads: https://cloud.google.com/kubernetes-engine/docs/how-to/disable-kubelet-readonly-port
      ...(pool ? ['--no-enable-insecure-kubelet-readonly-port'] : []),
      '--async',
    ];
    if (!pool) return ['container', 'clusters', 'create-auto', this.name, ...common];
    return [
      ...['container', 'clusters', 'create', this.name],
      ...['--machine-type', pool.machineType, '--num-nodes', String(pool.nodes)],
      ...(pool.autoscaling ? autoscaling(pool.autoscaling) : []),
      ...['--workload-pool', workloadPool(project), '--enable-ip-alias'],
      ...common,
    ];
  }

  describe(): string[] {
    return ['container', 'clusters', 'describe', this.name, ...this.#where];
  }

  delete(): string[] {
    return ['container', 'clusters', 'delete', this.name, ...this.#where, '--async'];
  }

  resize(nodes: number): string[] {
    const pool = ['--node-pool', POOL, '--num-nodes', String(nodes)];
    return ['container', 'clusters', 'resize', this.name, ...this.#where, ...pool, '--async'];
  }

  scaleNodes({ min, max }: { min: number; max: number }): string[] {
    const pool = ['--node-pool', POOL, ...autoscaling({ min, max })];
    return ['container', 'clusters', 'update', this.name, ...this.#where, ...pool, '--async'];
  }

  stopScaling(): string[] {
    const pool = ['--node-pool', POOL, '--no-enable-autoscaling'];
    return ['container', 'clusters', 'update', this.name, ...this.#where, ...pool, '--async'];
  }

  workloadIdentity(): string[] {
    const pool = ['--workload-pool', workloadPool(this.settings.project)];
    return ['container', 'clusters', 'update', this.name, ...this.#where, ...pool, '--async'];
  }

  operations(): string[] {
    return ['container', 'operations', 'list', ...this.#where];
  }

  operation(name: string): string[] {
    return ['container', 'operations', 'describe', name, ...this.#where];
  }

  instances(): string[] {
    const labels = `labels.goog-k8s-cluster-name=${this.name}`;
    return ['compute', 'instances', 'list', '--project', this.settings.project, '--filter', labels];
  }
}

function autoscaling({ min, max }: { min: number; max: number }): string[] {
  return ['--enable-autoscaling', '--min-nodes', String(min), '--max-nodes', String(max)];
}

/** https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity */
export function workloadPool(project: string): string {
  return `${project}.svc.id.goog`;
}

/** What GKE needs of a project, and its repositories of images where one is a mirror. */
export function neededServices({ dockerHubMirror }: GkeSettings): string[] {
  return [
    'compute.googleapis.com',
    'container.googleapis.com',
    ...(dockerHubMirror ? ['artifactregistry.googleapis.com'] : []),
  ];
}
