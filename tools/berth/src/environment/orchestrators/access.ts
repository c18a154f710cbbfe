import type {
  Adjusting,
  DeployTarget,
  Destroying,
  Expiring,
  Images,
  LogReading,
  SecretKeeping,
  StatusReading,
} from '@berth/deploy';
import type { Runner } from '@berth/exec';
import type { GeneratedFile, ManifestObject } from '@berth/manifests';
import type { EnvironmentModels } from '../environment-of';

/** An open way to what runs environments. */
export interface Connected {
  target: DeployTarget & StatusReading & Adjusting & SecretKeeping & LogReading & Destroying & Expiring;
  close(): void;
}

export interface ConnectOptions {
  /** Told of each request that is tried again; printed when absent. */
  onRetry?: (message: string) => void;
  /** Milliseconds without an answer after which a request is given up. */
  idleMs?: number;
  /** Asks at once what every deploy asks first: the answers come while the set is still being rendered. */
  early?: boolean;
}

/** What a deploy would apply, as files for other tools. */
export interface HandedOver {
  files: GeneratedFile[];
  /** What applies them. @param folder that they were written to */
  command(folder: string): string[];
}

/** One orchestrator, as the commands need it. */
export interface OrchestratorAccess {
  /** @throws UserError when the environment's cluster has no such orchestrator, or nothing says how it is reached */
  connect(
    models: Pick<EnvironmentModels, 'cluster' | 'options'>,
    workspaceRoot: string,
    options: ConnectOptions,
  ): Connected;
  /** Gives every object of the environment for a choice of images; pure once it is there. */
  desired(models: EnvironmentModels, runner: Runner): Promise<(images: Images) => ManifestObject[]>;
  /** Every object of the environment, with the digests of its images, as files that its users' own tools take. */
  handOver(models: EnvironmentModels, objects: readonly ManifestObject[]): Promise<HandedOver>;
}
