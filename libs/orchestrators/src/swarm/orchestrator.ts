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
  SecretEdit,
  SecretEntry,
  SecretKeeping,
  StatusReading,
} from '@berth/deploy';
import type { ManifestObject } from '@berth/manifests';
import { anonymous, type CredentialSource } from '@berth/registry';
import { adjust, planRestart, planScale } from './adjust';
import { apply, prune } from './apply';
import { destroy, planDestroy } from './destroy';
import type { DockerClient } from './docker/client';
import { expired } from './expired';
import { swarmKinds } from './kinds';
import { acquireLease } from './lease';
import { logs } from './logs';
import { readMark, writeMark } from './mark';
import { observe } from './observe';
import { plan } from './plan';
import { preflight } from './preflight';
import { recordedObjects, records, writeRecord } from './records';
import { RegistryLogins } from './registry-logins';
import { newestOf, readSecretVersions } from './secret-versions';
import { applySecrets, planSecrets, secrets } from './secrets';
import { status } from './status';
import { managerNode } from './swarm-state';
import { watch } from './watch';

export interface SwarmOptions {
  /** Who acts, for the lease: for example `ana@laptop`. */
  holder: string;
  /**
   * Entrypoint and command of an image, which its registry knows; undefined while it has no such image.
   */
  command: (image: string) => Promise<readonly string[] | undefined>;
  /** What nodes pull private images with; nothing when absent. */
  credentials?: CredentialSource;
}

/** Environments as stacks of a Docker Swarm. */
export class SwarmOrchestrator
  implements DeployTarget, StatusReading, Adjusting, SecretKeeping, LogReading, Destroying, Expiring
{
  readonly name = 'swarm';
  readonly kinds = swarmKinds;
  private readonly logins: RegistryLogins;

  constructor(
    private readonly client: DockerClient,
    private readonly options: SwarmOptions,
  ) {
    this.logins = new RegistryLogins(options.credentials ?? anonymous);
  }

  observe(environment: string, desired: readonly ManifestObject[]): Promise<Observation> {
    return observe(this.client, environment, desired);
  }

  async plan(
    environment: string,
    desired: readonly ManifestObject[],
    observation: Observation,
  ): Promise<Change[]> {
    const [node, versions] = await Promise.all([
      managerNode(this.client),
      readSecretVersions(this.client, environment),
    ]);
    const { command } = this.options;
    return plan(environment, desired, observation, { node, secrets: newestOf(versions), command });
  }

  problems(
    environment: string,
    desired: readonly ManifestObject[],
    changes: readonly Change[],
  ): Promise<string[]> {
    return preflight(this.client, environment, desired, changes);
  }

  async prepare(environment: string, desired: readonly ManifestObject[]): Promise<void> {
    await managerNode(this.client);
    if (await readMark(this.client, environment)) return;
    const mark = desired.find(({ kind }) => kind === 'Environment');
    await writeMark(this.client, environment, mark?.metadata.labels ?? {});
  }

  acquire(environment: string, holder: string): Promise<Lease> {
    return acquireLease(this.client, environment, holder);
  }

  apply(
    environment: string,
    waves: readonly (readonly Change[])[],
    options: Partial<ApplyOptions> = {},
  ): Promise<void> {
    return apply(stopped(this.client, options.signal), environment, waves, this.logins, options);
  }

  watch(environment: string, desired: readonly ManifestObject[], options: HealthOptions): Promise<void> {
    return watch(stopped(this.client, options.signal), environment, desired, this.logins, options);
  }

  prune(
    environment: string,
    changes: readonly Change[],
    _desired: readonly ManifestObject[],
    signal?: AbortSignal,
  ): Promise<void> {
    return prune(stopped(this.client, signal), environment, changes);
  }

  writeRecord(environment: string, record: NewRecord, signal?: AbortSignal): Promise<number> {
    return writeRecord(stopped(this.client, signal), environment, record);
  }

  records(environment: string): Promise<DeployRecord[]> {
    return records(this.client, environment);
  }

  recordedObjects(environment: string, number: number): Promise<ManifestObject[] | undefined> {
    return recordedObjects(this.client, environment, number);
  }

  status(environment: string): Promise<EnvironmentStatus> {
    return status(this.client, environment);
  }

  statuses(environments: readonly string[]): Promise<PromiseSettledResult<EnvironmentStatus>[]> {
    return Promise.allSettled(environments.map((environment) => status(this.client, environment)));
  }

  planScale(environment: string, service: string, replicas: number | undefined): Promise<Change[]> {
    return planScale(this.client, environment, service, replicas);
  }

  planRestart(environment: string, services: readonly string[] | undefined, at: string): Promise<Change[]> {
    return planRestart(this.client, environment, services, at);
  }

  adjust(changes: readonly Change[], signal?: AbortSignal): Promise<void> {
    return adjust(stopped(this.client, signal), changes, this.logins);
  }

  secrets(environment: string, desired: readonly ManifestObject[]): Promise<SecretEntry[]> {
    return secrets(this.client, environment, desired);
  }

  planSecrets(environment: string, desired: readonly ManifestObject[], edit: SecretEdit): Promise<Change[]> {
    return planSecrets(this.client, environment, desired, edit);
  }

  applySecrets(
    environment: string,
    edit: SecretEdit,
    changes: readonly Change[],
    signal?: AbortSignal,
  ): Promise<void> {
    return applySecrets(stopped(this.client, signal), environment, edit, changes, this.logins);
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

function stopped(client: DockerClient, signal: AbortSignal | undefined): DockerClient {
  return signal ? client.stoppedBy(signal) : client;
}
