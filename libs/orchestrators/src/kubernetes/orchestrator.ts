import type {
  Adjusting,
  ApplyOptions,
  Change,
  DeployRecord,
  DeployTarget,
  Destroying,
  DestroyOptions,
  EnvironmentStatus,
  ExpiredEnvironment,
  Expiring,
  HealthOptions,
  Lease,
  LogReading,
  LogRequest,
  NewRecord,
  ObjectReference,
  Observation,
  StatusReading,
} from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient, LiveObject } from '@berth/kube';
import { adjust, planRestart, planScale } from './adjust';
import { apply } from './apply';
import { destroy, planDestroy } from './destroy';
import { expired } from './expired';
import { groupKinds, writeInventory } from './inventory';
import { acquireLease } from './lease';
import { logs } from './logs';
import { observe } from './observe';
import { plan } from './plan';
import { preflight } from './preflight';
import { prepare } from './prepare';
import { recordedObjects, records, writeRecord } from './records';
import { status, statuses } from './status';
import { watch } from './watch';
import { isPrunable } from '@berth/deploy';

export interface KubernetesOptions {
  /** Who acts, for the lease: for example `ana@laptop`. */
  holder: string;
}

/** Environments as namespaces of a Kubernetes cluster. */
export class KubernetesOrchestrator
  implements DeployTarget, StatusReading, Adjusting, LogReading, Destroying, Expiring
{
  readonly name = 'kubernetes';

  constructor(
    private readonly client: KubeClient,
    private readonly options: KubernetesOptions,
  ) {}

  observe(environment: string, desired: readonly KubernetesObject[]): Promise<Observation> {
    return observe(this.client, environment, desired);
  }

  plan(
    environment: string,
    desired: readonly KubernetesObject[],
    observation: Observation,
  ): Promise<Change[]> {
    return plan(this.client, environment, desired, observation);
  }

  problems(
    environment: string,
    desired: readonly KubernetesObject[],
    changes: readonly Change[],
  ): Promise<string[]> {
    return preflight(this.client, environment, desired, changes);
  }

  prepare(environment: string, desired: readonly KubernetesObject[]): Promise<void> {
    return prepare(this.client, environment, desired);
  }

  acquire(environment: string, holder: string): Promise<Lease> {
    return acquireLease(this.client, environment, holder);
  }

  apply(
    environment: string,
    waves: readonly (readonly Change[])[],
    options: ApplyOptions = {},
  ): Promise<void> {
    return apply(this.client, environment, waves, options);
  }

  watch(environment: string, desired: readonly KubernetesObject[], options: HealthOptions): Promise<void> {
    return watch(this.client, environment, desired, options);
  }

  async prune(
    environment: string,
    changes: readonly Change[],
    desired: readonly KubernetesObject[],
  ): Promise<void> {
    await Promise.all(
      changes
        .filter(({ action, object }) => action === 'prune' && isPrunable(object))
        .map(({ object, live }) => this.client.delete(object, { uid: (live as LiveObject).metadata.uid })),
    );
    // What is kept for the old versions of workloads must be found again.
    const kept = changes.filter((change) => change.action === 'same' && !change.desired);
    const left = [...desired, ...kept.map(({ object }) => object)];
    await writeInventory(this.client, environment, groupKinds(left));
  }

  writeRecord(environment: string, record: NewRecord): Promise<number> {
    return writeRecord(this.client, environment, record);
  }

  records(environment: string): Promise<DeployRecord[]> {
    return records(this.client, environment);
  }

  recordedObjects(environment: string, number: number): Promise<KubernetesObject[] | undefined> {
    return recordedObjects(this.client, environment, number);
  }

  status(environment: string): Promise<EnvironmentStatus> {
    return status(this.client, environment);
  }

  statuses(environments: readonly string[]): Promise<PromiseSettledResult<EnvironmentStatus>[]> {
    return statuses(this.client, environments);
  }

  planScale(environment: string, service: string, replicas: number | undefined): Promise<Change[]> {
    return planScale(this.client, environment, service, replicas);
  }

  planRestart(environment: string, services: readonly string[] | undefined, at: string): Promise<Change[]> {
    return planRestart(this.client, environment, services, at);
  }

  adjust(changes: readonly Change[]): Promise<void> {
    return adjust(this.client, changes);
  }

  logs(environment: string, request: LogRequest): Promise<void> {
    return logs(this.client, environment, request);
  }

  planDestroy(environment: string): Promise<ObjectReference[]> {
    return planDestroy(this.client, environment);
  }

  destroy(environment: string, options?: DestroyOptions): Promise<boolean> {
    return destroy(this.client, environment, this.options.holder, options);
  }

  expired(now: Date, onUnknown?: (environment: string, error: Error) => void): Promise<ExpiredEnvironment[]> {
    return expired(this.client, now, onUnknown);
  }
}

/** Environments on the cluster that the client talks to. */
export function kubernetesOrchestrator(
  client: KubeClient,
  options: KubernetesOptions = { holder: 'berth' },
): KubernetesOrchestrator {
  return new KubernetesOrchestrator(client, options);
}
