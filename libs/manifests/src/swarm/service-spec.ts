import type { ManifestObject } from '../object';

/** A variable of a container; a list of them is compared by name. */
export interface EnvironmentVariable {
  name: string;
  value: string;
}

/** Docker's HealthConfig; times in nanoseconds. */
export interface HealthCheck {
  Test: string[];
  Interval: number;
  Timeout: number;
  Retries: number;
  StartPeriod: number;
}

export interface Mount {
  /** `bind`: a folder of the node, or the socket of dockerd. */
  Type: 'volume' | 'tmpfs' | 'bind';
  /** A volume's name, or a path of the node; a tmpfs has none. */
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
  VolumeOptions?: { Labels: Record<string, string> };
  TmpfsOptions?: { Mode: number };
}

/** A secret that a task has as a file in /run/secrets. */
export interface SecretFile {
  /** The key, as services name it; it is the file's name too. */
  name: string;
  /** The name of the version that is mounted; filled in by who knows the Swarm. */
  version?: string;
}

export interface NetworkAttachment {
  /** Docker's name of the network. */
  name: string;
  Aliases: string[];
}

export interface PublishedPort {
  name: string;
  TargetPort: number;
  PublishedPort: number;
}

/** Where a service says that it is ready. */
export interface SwarmReadiness {
  /** On which its tasks listen. */
  port: number;
  path: string;
}

/**
 * What a service is to be: Docker's ServiceSpec (https://docs.docker.com/reference/api/engine/version/v1.41/) with names
 * in the place of ids, and with lists of named elements where Docker has text, so that a difference names what differs.
 */
export interface SwarmServiceSpec {
  Mode: 'replicated' | 'global';
  /** Of a replicated one. */
  Replicas?: number;
  Container: {
    Image: string;
    Command?: string[];
    Args?: string[];
    Env: EnvironmentVariable[];
    User: string;
    ReadOnly: true;
    Init: true;
    CapabilityDrop: ['ALL'];
    /** Nanoseconds. */
    StopGracePeriod: number;
    Healthcheck?: HealthCheck;
    Mounts: Mount[];
    Secrets: SecretFile[];
  };
  Resources: {
    Limits: { MemoryBytes: number };
    Reservations: { NanoCPUs: number; MemoryBytes: number };
  };
  RestartPolicy: { Condition: 'any'; Delay: number; MaxAttempts: number };
  /** For example `node.id==…`. */
  Constraints: string[];
  Networks: NetworkAttachment[];
  UpdateConfig: {
    Parallelism: number;
    Order: 'start-first' | 'stop-first';
    FailureAction: 'pause';
    Monitor: number;
    MaxFailureRatio: number;
  };
  EndpointMode: 'dnsrr';
  Ports: PublishedPort[];
  /** Another number starts every task anew. */
  ForceUpdate?: number;
}

export type SwarmService = ManifestObject & { kind: 'Service'; spec: SwarmServiceSpec };

export function isSwarmService(object: ManifestObject): object is SwarmService {
  return object.kind === 'Service';
}
