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
import type { ManifestObject } from '@berth/manifests';
import type { EcsSettings } from '@berth/model';
import { adjust, planRestart, planScale } from './adjust';
import { apply, type Execution } from './apply';
import { Aws, type AwsOptions } from './aws';
import { destroy, planDestroy } from './destroy';
import { expired } from './expired';
import { ecsKinds } from './kinds';
import { acquireLease } from './lease';
import { logs } from './logs';
import { observe, type StackObservation } from './observe';
import { plan } from './plan';
import { preflight } from './preflight';
import { prepare } from './prepare';
import { recordedObjects, records, writeRecord } from './records';
import { applySecrets, planSecrets, secrets } from './secrets';
import { status, statuses } from './status';
import { watch } from './watch';

export interface EcsOptions extends AwsOptions {
  /** Who acts, for the lease: for example `ana@laptop`. */
  holder: string;
  /** Milliseconds between two looks at what AWS does; 2000 when absent. */
  pollMs?: number;
}

const standardPollMs = 2_000;

/** Environments as stacks of CloudFormation, whose services run on ECS. */
export class EcsOrchestrator
  implements DeployTarget, StatusReading, Adjusting, SecretKeeping, LogReading, Destroying, Expiring
{
  readonly name = 'ecs';
  readonly kinds = ecsKinds;
  readonly #pollMs: number;
  /** By environment, what this process has had CloudFormation do last. */
  readonly #executions = new Map<string, Execution>();
  readonly #valid = new Set<string>();

  constructor(
    private readonly aws: Aws,
    private readonly options: Pick<EcsOptions, 'holder' | 'pollMs'>,
  ) {
    this.#pollMs = options.pollMs ?? standardPollMs;
  }

  observe(environment: string): Promise<StackObservation> {
    return observe(this.aws, environment);
  }

  plan(environment: string, desired: readonly ManifestObject[], observation: Observation): Promise<Change[]> {
    return plan(this.aws, environment, desired, observation as StackObservation, this.#valid);
  }

  problems(
    environment: string,
    desired: readonly ManifestObject[],
    changes: readonly Change[],
  ): Promise<string[]> {
    return preflight(this.aws, environment, desired, changes);
  }

  prepare(
    environment: string,
    _desired: readonly ManifestObject[],
    options: PrepareOptions = {},
  ): Promise<void> {
    return prepare(this.aws, environment, options, this.#pollMs);
  }

  acquire(environment: string, holder: string): Promise<Lease> {
    return acquireLease(this.aws, environment, holder);
  }

  async apply(
    environment: string,
    waves: readonly (readonly Change[])[],
    options: ApplyOptions,
  ): Promise<void> {
    this.#executions.delete(environment);
    const execution = await apply(this.aws, environment, waves, options);
    if (execution) this.#executions.set(environment, execution);
  }

  watch(environment: string, desired: readonly ManifestObject[], options: HealthOptions): Promise<void> {
    const execution = this.#executions.get(environment);
    return watch(this.aws, environment, desired, execution, options, this.#pollMs);
  }

  /** The change set has done it. */
  async prune(): Promise<void> {}

  writeRecord(environment: string, record: NewRecord, signal?: AbortSignal): Promise<number> {
    return writeRecord(this.aws, environment, record, signal);
  }

  records(environment: string): Promise<DeployRecord[]> {
    return records(this.aws, environment);
  }

  recordedObjects(environment: string, number: number): Promise<ManifestObject[] | undefined> {
    return recordedObjects(this.aws, environment, number);
  }

  status(environment: string): Promise<EnvironmentStatus> {
    return status(this.aws, environment);
  }

  statuses(
    environments: readonly string[],
    options?: StatusOptions,
  ): Promise<PromiseSettledResult<EnvironmentStatus>[]> {
    return statuses(this.aws, environments, options);
  }

  planScale(environment: string, service: string, replicas: number | undefined): Promise<Change[]> {
    return planScale(this.aws, environment, service, replicas);
  }

  planRestart(environment: string, services: readonly string[] | undefined): Promise<Change[]> {
    return planRestart(this.aws, environment, services);
  }

  adjust(changes: readonly Change[], signal?: AbortSignal): Promise<void> {
    return adjust(this.aws, changes, signal);
  }

  secrets(environment: string, desired: readonly ManifestObject[]): Promise<SecretEntry[]> {
    return secrets(this.aws, environment, desired);
  }

  planSecrets(environment: string, desired: readonly ManifestObject[], edit: SecretEdit): Promise<Change[]> {
    return planSecrets(this.aws, environment, desired, edit);
  }

  applySecrets(
    environment: string,
    edit: SecretEdit,
    changes: readonly Change[],
    signal?: AbortSignal,
  ): Promise<void> {
    return applySecrets(this.aws, environment, edit, changes, signal);
  }

  logs(environment: string, request: LogRequest): Promise<void> {
    return logs(this.aws, environment, request, this.#pollMs);
  }

  planDestroy(environment: string): Promise<ObjectReference[]> {
    return planDestroy(this.aws, environment);
  }

  destroy(environment: string, options: DestroyOptions = {}): Promise<boolean> {
    return destroy(this.aws, environment, this.options.holder, options, this.#pollMs);
  }

  expired(now: Date, onUnknown?: (environment: string, error: Error) => void): Promise<ExpiredEnvironment[]> {
    return expired(this.aws, now, onUnknown);
  }

  close(): void {
    this.aws.close();
  }
}

/** Environments in the account that a cluster.json names. */
export function ecsOrchestrator(settings: EcsSettings, options: EcsOptions): EcsOrchestrator {
  return new EcsOrchestrator(new Aws(settings, options), options);
}
