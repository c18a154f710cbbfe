/** What dockerd's API answers, as far as it is read (https://docs.docker.com/reference/api/engine/version/v1.41/). */

export interface Versioned {
  ID: string;
  Version: { Index: number };
  CreatedAt: string;
  UpdatedAt: string;
}

export interface DockerTaskSpec {
  ContainerSpec?: {
    Image?: string;
    Command?: string[];
    Args?: string[];
    Env?: string[];
    User?: string;
    ReadOnly?: boolean;
    Init?: boolean;
    CapabilityDrop?: string[];
    StopGracePeriod?: number;
    Healthcheck?: {
      Test?: string[];
      Interval?: number;
      Timeout?: number;
      Retries?: number;
      StartPeriod?: number;
    };
    Mounts?: {
      Type: string;
      Source?: string;
      Target?: string;
      VolumeOptions?: { Labels?: Record<string, string> };
      TmpfsOptions?: { Mode?: number };
    }[];
    Secrets?: {
      File?: { Name?: string; UID?: string; GID?: string; Mode?: number };
      SecretID: string;
      SecretName: string;
    }[];
  };
  Resources?: {
    Limits?: { MemoryBytes?: number };
    Reservations?: { NanoCPUs?: number; MemoryBytes?: number };
  };
  RestartPolicy?: { Condition?: string; Delay?: number; MaxAttempts?: number };
  Placement?: { Constraints?: string[] };
  Networks?: { Target: string; Aliases?: string[] }[];
  ForceUpdate?: number;
  Runtime?: string;
}

export interface DockerServiceSpec {
  Name: string;
  Labels?: Record<string, string>;
  TaskTemplate: DockerTaskSpec;
  Mode: { Replicated?: { Replicas?: number }; Global?: object };
  UpdateConfig?: {
    Parallelism?: number;
    Order?: string;
    FailureAction?: string;
    Monitor?: number;
    MaxFailureRatio?: number;
  };
  EndpointSpec?: {
    Mode?: string;
    Ports?: {
      Name?: string;
      Protocol?: string;
      TargetPort: number;
      PublishedPort?: number;
      PublishMode?: string;
    }[];
  };
}

export interface DockerService extends Versioned {
  Spec: DockerServiceSpec;
  UpdateStatus?: { State?: string; StartedAt?: string; CompletedAt?: string; Message?: string } | null;
}

export interface DockerTask extends Versioned {
  Spec: DockerTaskSpec;
  ServiceID: string;
  Slot?: number;
  NodeID?: string;
  Status: {
    Timestamp: string;
    State: string;
    Message?: string;
    Err?: string;
    ContainerStatus?: { ContainerID?: string; ExitCode?: number };
  };
  DesiredState: string;
  NetworksAttachments?: { Network: { ID: string; Spec: { Name: string } }; Addresses?: string[] }[];
}

export interface DockerNetwork {
  Id: string;
  Name: string;
  Scope: string;
  Driver: string;
  Created: string;
  Attachable?: boolean;
  Internal?: boolean;
  Labels?: Record<string, string> | null;
}

/** A config or a secret; the API never gives a secret's data. */
export interface DockerConfig extends Versioned {
  Spec: { Name: string; Labels?: Record<string, string>; Data?: string };
}

export interface DockerNode extends Versioned {
  Spec: { Role?: string; Availability?: string; Labels?: Record<string, string> };
  Description?: {
    Hostname?: string;
    Resources?: { NanoCPUs?: number; MemoryBytes?: number };
    Engine?: { EngineVersion?: string };
  };
  /** `Addr` is that by which managers see it. */
  Status: { State: string; Addr?: string };
  /** Of a manager: where other managers reach it, with the port. */
  ManagerStatus?: { Addr?: string } | null;
}

export interface DockerVolume {
  Name: string;
  Labels?: Record<string, string> | null;
}

export interface DockerInfo {
  Swarm: { LocalNodeState: string; ControlAvailable: boolean; NodeID: string; Error?: string };
}

/** The value of the query `filters`. */
export function filters(by: Readonly<Record<string, readonly string[]>>): string {
  return JSON.stringify(by);
}
