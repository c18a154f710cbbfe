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
  PrepareOptions,
  SecretEdit,
  SecretEntry,
  SecretKeeping,
  StatusOptions,
  StatusReading,
} from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { adjust, planRestart, planScale } from './adjust';
import { apply } from './apply';
import { destroy, planDestroy } from './destroy';
import { expired } from './expired';
import { acquireLease } from './lease';
import { kubernetesKinds } from './kinds';
import { logs } from './logs';
import { observe } from './observe';
import { plan } from './plan';
import { PlanMemory } from './plan-memory';
import { preflight } from './preflight';
import { prepare } from './prepare';
import { prune } from './prune';
import { recordedObjects, records, writeRecord } from './records';
import { applySecrets, planSecrets, secrets } from './secrets';
import { status, statuses } from './status';
import { watch } from './watch';

export interface KubernetesOptions {
  /** Who acts, for the lease: for example `ana@laptop`. */
  holder: string;
}

/** Environments as namespaces of a Kubernetes cluster. */
export class KubernetesOrchestrator
  implements DeployTarget, StatusReading, Adjusting, SecretKeeping, LogReading, Destroying, Expiring
{
  readonly name = 'kubernetes';
  readonly kinds = kubernetesKinds;
  private readonly memory = new PlanMemory();

  constructor(
    private readonly client: KubeClient,
    private readonly options: KubernetesOptions,
  ) {}

  observe(environment: string, desired: readonly KubernetesObject[]): Promise<Observation> {
    return observe(this.client, environment, desired, this.memory.hasMade(environment));
  }

  plan(
    environment: string,
    desired: readonly KubernetesObject[],
    observation: Observation,
  ): Promise<Change[]> {
    return plan(this.client, environment, desired, observation, this.memory);
  }

  problems(
    environment: string,
    desired: readonly KubernetesObject[],
    changes: readonly Change[],
  ): Promise<string[]> {
    return preflight(this.client, environment, desired, changes);
  }

  async prepare(
    environment: string,
    desired: readonly KubernetesObject[],
    options?: PrepareOptions,
  ): Promise<void> {
    if (await prepare(this.client, environment, desired, options)) this.memory.make(environment);
  }

  acquire(environment: string, holder: string): Promise<Lease> {
    return acquireLease(this.client, environment, holder);
  }

  apply(
    environment: string,
    waves: readonly (readonly Change[])[],
    options: Partial<ApplyOptions> = {},
  ): Promise<void> {
    return apply(stopped(this.client, options.signal), environment, waves, options);
  }

  watch(environment: string, desired: readonly KubernetesObject[], options: HealthOptions): Promise<void> {
    return watch(stopped(this.client, options.signal), environment, desired, options);
  }

  prune(
    environment: string,
    changes: readonly Change[],
    desired: readonly KubernetesObject[],
    signal?: AbortSignal,
  ): Promise<void> {
    return prune(stopped(this.client, signal), environment, changes, desired);
  }

  writeRecord(environment: string, record: NewRecord, signal?: AbortSignal): Promise<number> {
    return writeRecord(stopped(this.client, signal), environment, record);
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

  statuses(
    environments: readonly string[],
    options?: StatusOptions,
  ): Promise<PromiseSettledResult<EnvironmentStatus>[]> {
    return statuses(this.client, environments, options);
  }

  planScale(environment: string, service: string, replicas: number | undefined): Promise<Change[]> {
    return planScale(this.client, environment, service, replicas);
  }

  planRestart(environment: string, services: readonly string[] | undefined, at: string): Promise<Change[]> {
    return planRestart(this.client, environment, services, at);
  }

  adjust(changes: readonly Change[], signal?: AbortSignal): Promise<void> {
    return adjust(stopped(this.client, signal), changes);
  }

  secrets(environment: string, desired: readonly KubernetesObject[]): Promise<SecretEntry[]> {
    return secrets(this.client, environment, desired);
  }

  planSecrets(
    environment: string,
    desired: readonly KubernetesObject[],
    edit: SecretEdit,
  ): Promise<Change[]> {
    return planSecrets(this.client, environment, desired, edit);
  }

  applySecrets(
    environment: string,
    edit: SecretEdit,
    changes: readonly Change[],
    signal?: AbortSignal,
  ): Promise<void> {
    return applySecrets(stopped(this.client, signal), environment, edit, changes);
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

function stopped(client: KubeClient, signal: AbortSignal | undefined): KubeClient {
  return signal ? client.stoppedBy(signal) : client;
}

/** Environments on the cluster that the client talks to. */
export function kubernetesOrchestrator(
  client: KubeClient,
  options: KubernetesOptions = { holder: 'berth' },
): KubernetesOrchestrator {
  return new KubernetesOrchestrator(client, options);
}
