import type { ManifestObject } from '@berth/manifests';
import { UserError, type OrchestratorName } from '@berth/model';
import type { Change, ObjectReference } from './change';
import type { WorkloadHealth } from './health';
import type { ObjectKinds } from './object-kinds';
import type { DeployRecord, NewRecord } from './record';

/** What there is of an environment now. */
export interface Observation {
  /** Whether the environment's namespace is there. */
  exists: boolean;
  live: ManifestObject[];
  /** What earlier deploys made. */
  inventory: ObjectReference[];
}

export interface ApplyOptions {
  /** The whole set, with what stays the same: there are orchestrators that apply it as one. */
  desired: readonly ManifestObject[];
  /** Takes fields over from other managers, just those that are in conflict. */
  takeOver?: boolean;
  /** Called before the first write: until then nothing was changed. */
  onWriting?: () => void;
  onApplied?: (change: Change) => void;
  onNotice?: (message: string) => void;
  signal?: AbortSignal;
}

export interface HealthOptions {
  /** Milliseconds; after them the environment counts as failed. */
  timeoutMs: number;
  /** Called whenever the state of a workload changes. */
  onHealth?: (workloads: WorkloadHealth[]) => void;
  signal?: AbortSignal;
}

/** What runs environments. One contract suite runs on every implementation. */
export interface Orchestrator {
  readonly name: OrchestratorName;
  readonly kinds: ObjectKinds;
  observe(environment: string, desired: readonly ManifestObject[]): Promise<Observation>;
  /** What would be done; asks the orchestrator to check it where it can, and keeps what it refuses. Changes nothing. */
  plan(environment: string, desired: readonly ManifestObject[], observation: Observation): Promise<Change[]>;
  /**
   * Applies a plan, wave after wave. `prune` is not in the waves; one that applies the whole set at once removes then what is
   * no longer in it, once the rest is healthy, and its `prune` finds nothing left.
   * @throws UserError with every conflict
   */
  apply(environment: string, waves: readonly (readonly Change[])[], options: ApplyOptions): Promise<void>;
  /** Waits until the desired workloads are healthy. @throws UserError as soon as one can never be. */
  watch(environment: string, desired: readonly ManifestObject[], options: HealthOptions): Promise<void>;
}

/** Extra ability: finds what would make a deploy fail before anything is changed. */
export interface Preflight {
  /** Every problem at once, a sentence each. */
  problems(
    environment: string,
    desired: readonly ManifestObject[],
    changes: readonly Change[],
  ): Promise<string[]>;
}

export interface PrepareOptions {
  /** Milliseconds that an earlier environment of that name may still take to go; two minutes when absent. */
  timeoutMs?: number;
  onNotice?: (message: string) => void;
  signal?: AbortSignal | undefined;
}

/** Extra ability: keeps two deploys of one environment apart. */
export interface Leasing {
  /** Makes the place that the environment lives in, when it is not there; nothing else. */
  prepare(environment: string, desired: readonly ManifestObject[], options?: PrepareOptions): Promise<void>;
  /** @throws LeaseHeldError that says who holds it and since when. */
  acquire(environment: string, holder: string): Promise<Lease>;
}

/** Somebody else deploys the environment. */
export class LeaseHeldError extends UserError {
  override readonly name = 'LeaseHeldError';
  constructor(
    message: string,
    /** What tells one hold from the next. */
    readonly holder: string,
    hint?: string,
  ) {
    super(message, hint);
  }
}

export interface Lease {
  /** Aborted when the lease is lost: whoever holds it must stop. */
  readonly lost: AbortSignal;
  /** Safe to call twice. */
  release(): Promise<void>;
}

/** Extra ability: removes what the set no longer has. */
export interface Pruning {
  /**
   * @param changes the whole plan; only what it says to prune goes
   * @param desired what the set has now
   * @param signal after which nothing is written any more
   */
  prune(
    environment: string,
    changes: readonly Change[],
    desired: readonly ManifestObject[],
    signal: AbortSignal,
  ): Promise<void>;
}

/** Extra ability: remembers what was deployed. */
export interface RecordKeeping {
  /**
   * Returns the record's number.
   * @param signal after which nothing is written any more
   */
  writeRecord(environment: string, record: NewRecord, signal: AbortSignal): Promise<number>;
  /** Newest first, without their objects. */
  records(environment: string): Promise<DeployRecord[]>;
  /** What a record's deploy asked for; undefined when there is no such record. */
  recordedObjects(environment: string, number: number): Promise<ManifestObject[] | undefined>;
}

/** What `deploy` needs. */
export type DeployTarget = Orchestrator & Preflight & Leasing & Pruning & RecordKeeping;

/** Extra ability: says how an environment is. */
export interface StatusReading {
  status(environment: string): Promise<EnvironmentStatus>;
  /** Of several at once, in their order; one that cannot be read does not keep the others. */
  statuses(
    environments: readonly string[],
    options?: StatusOptions,
  ): Promise<PromiseSettledResult<EnvironmentStatus>[]>;
}

export interface StatusOptions {
  /** `false`: the pods of what is healthy may be left out, and then need not be asked. */
  pods?: boolean;
}

/** Extra ability: changes what runs between two deploys, in fields that no deploy sets. */
export interface Adjusting {
  /**
   * What it takes to run that many replicas of a service; later deploys leave the number alone.
   * @param replicas `undefined` leaves the number to the next deploy again
   * @throws UserError when there is no such service, it has no number of its own, or an autoscaler has it
   */
  planScale(environment: string, service: string, replicas: number | undefined): Promise<Change[]>;
  /**
   * What it takes to start every pod of these services anew, a few at a time.
   * @param services all when absent
   * @param at RFC 3339; another time is another restart
   * @throws UserError when there is no such service
   */
  planRestart(environment: string, services: readonly string[] | undefined, at: string): Promise<Change[]>;
  /**
   * Does what was planned.
   * @param signal after which nothing is written any more
   */
  adjust(changes: readonly Change[], signal: AbortSignal): Promise<void>;
}

/** One name of an environment's secrets, and all that may be known of it: never its value. */
export interface SecretEntry {
  name: string;
  isSet: boolean;
  /** RFC 3339; absent where nobody has noted it. */
  setAt?: string;
  /** For example `ana@laptop`. */
  setBy?: string;
  /** Services that ask for it, sorted: those that are deployed, and those that are to be. */
  usedBy: string[];
}

/** What is to become of secrets. */
export interface SecretEdit {
  /** By name; undefined takes it away. */
  values: ReadonlyMap<string, Buffer | undefined>;
  /** For example `ana@laptop`. */
  author: string;
  /** Whether pods that run with an earlier value start anew. */
  restart: boolean;
}

/** Extra ability: keeps values that stand in no file, and in no plan or record either. */
export interface SecretKeeping {
  /** All that are set or asked for, sorted by name. */
  secrets(environment: string, desired: readonly ManifestObject[]): Promise<SecretEntry[]>;
  /**
   * What it takes to set and remove them, and to start those pods anew that use what changes, and no others. Empty but
   * for `same` when that is done already.
   * @throws UserError for a name that nobody asks for, and a value that no pod could have
   */
  planSecrets(environment: string, desired: readonly ManifestObject[], edit: SecretEdit): Promise<Change[]>;
  /**
   * Does what was planned.
   * @param signal after which nothing is written any more
   */
  applySecrets(
    environment: string,
    edit: SecretEdit,
    changes: readonly Change[],
    signal: AbortSignal,
  ): Promise<void>;
}

/** One line that a container has put out. */
export interface LogLine {
  service: string;
  pod: string;
  container: string;
  text: string;
}

export interface LogRequest {
  /** All when absent. */
  services?: readonly string[];
  /** Goes on with what comes, of new pods and restarted containers too, until it is stopped. */
  follow?: boolean;
  /** Only what is not older than so many seconds. */
  sinceSeconds?: number;
  /** Nothing more of this container is read before it has returned. */
  onLine: (line: LogLine) => void | Promise<void>;
  signal?: AbortSignal;
}

/** Extra ability: reads what services put out. */
export interface LogReading {
  /** What there is, in the order of its time. @throws UserError when there is no such service */
  logs(environment: string, request: LogRequest): Promise<void>;
}

/** Extra ability: removes an environment. */
export interface Destroying {
  /** Everything that would go, volumes too. @throws UserError when the environment is not ours to remove. */
  planDestroy(environment: string): Promise<ObjectReference[]>;
  /**
   * Removes it and waits for its end. The caller has asked.
   * @returns false when it stays, since `onlyIf` said so
   */
  destroy(environment: string, options?: DestroyOptions): Promise<boolean>;
}

export interface DestroyOptions {
  onProgress?: (message: string) => void;
  /** Asked once nobody else can deploy to it any more. */
  onlyIf?: () => Promise<boolean>;
}

/** An environment whose `ttl` is over. */
export interface ExpiredEnvironment {
  environment: string;
  /** For example `3d`. */
  ttl: string;
  /** When it was deployed last, RFC 3339. */
  deployedAt: string;
}

/** Extra ability: finds what nobody needs any more. */
export interface Expiring {
  /**
   * Protected environments never expire, nor do those without a `ttl`. Sorted by name.
   * @param onUnknown told of an environment of which it cannot be said; without it that is an error
   */
  expired(now: Date, onUnknown?: (environment: string, error: Error) => void): Promise<ExpiredEnvironment[]>;
}

export interface PodStatus {
  name: string;
  /** For example `Running`, `CrashLoopBackOff`. */
  state: string;
  ready: boolean;
  restarts: number;
  node: string;
  /** RFC 3339. */
  startedAt: string;
}

export interface ServiceStatus {
  name: string;
  health: WorkloadHealth;
  images: string[];
  pods: PodStatus[];
}

export interface EnvironmentStatus {
  environment: string;
  exists: boolean;
  services: ServiceStatus[];
  lastRecord?: DeployRecord;
  /** Who deploys right now, and since when (RFC 3339). */
  deploying?: { holder: string; since: string };
}
