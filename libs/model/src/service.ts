import type { OrchestratorName } from './environment';

/** What a port speaks. `http`, `h2c`, `grpc` and `ws` can be public; `tcp` cannot. */
export type AppProtocol = 'http' | 'h2c' | 'grpc' | 'ws' | 'tcp';

export interface Port {
  /** DNS label of at most 15 characters (Kubernetes' limit for port names). */
  name: string;
  /** 1024 to 65535: pods run without the right to bind lower ones. */
  port: number;
  /** `http` when the file says nothing. */
  appProtocol: AppProtocol;
  /** Whether the gateway gives this port an address. */
  public: boolean;
  /** Also opened to the outside under this number (the gateway's own 80 and 443); how, the cluster says. */
  nodePort?: number;
}

/** How a container is asked whether it is well. */
export type Probe =
  | { kind: 'path'; path: string; port: string }
  | { kind: 'tcp'; port: string }
  | { kind: 'grpc'; port: string; service?: string }
  | { kind: 'exec'; command: string[] };

export interface Health {
  readiness: Probe;
  liveness: Probe;
  startup: Probe;
  /** Seconds that a start may take before the container is restarted; 60 when the file says nothing. */
  startSeconds: number;
}

export interface Scale {
  min: number;
  /** Absent: no autoscaler. */
  max?: number;
  /** Target CPU utilisation, percent of the request; with `max` only. */
  cpu?: number;
}

export interface Volume {
  name: string;
  /** Absolute path in the container. */
  path: string;
  /** Kubernetes quantity, for example `1Gi`. */
  size: string;
}

/** A folder of each node, which the container may read and not change. */
export interface NodeFolder {
  /** Absolute path on the node. */
  folder: string;
  /** Absolute path in the container. */
  path: string;
}

/** A second container of the same image in each pod, sharing the pod's `writable` folders. */
export interface Sidecar {
  name: string;
  command: string[];
  env: Readonly<Record<string, string>>;
  /** Kubernetes quantities; the service's own when the file says nothing. */
  resources: Resources;
}

/** Kubernetes quantities. Requests; memory is the limit too. */
export interface Resources {
  cpu: string;
  memory: string;
}

/** When people are told that a public service is not well; `false`: never. */
export interface Alerts {
  /** Share of requests that may fail, above 0 and below 1. */
  errors: number | false;
  /** In which 95 of 100 requests are to be answered; absent: as other settings say. */
  seconds?: number | false;
}

/** What a service was read from; resolveEnvironment lays env.json over `document`. */
export interface ServiceSource {
  /** Path of service.json, relative to the workspace. */
  file: string;
  /** The file's JSON, without defaults. */
  document: unknown;
}

/** Settings of the gateway for this service's public ports. */
export interface Proxy {
  /** Seconds. */
  connectTimeout?: number;
  /** Seconds. */
  readTimeout?: number;
  /** Bytes with unit, for example `10m`. */
  bodySize?: string;
  /** More host names that lead here. */
  hosts?: string[];
  /** Only requests below this path. */
  path?: string;
  /** Requests over plain HTTP are answered with the same address over HTTPS. */
  redirect?: 'https';
  /** Seconds that a browser keeps to HTTPS (RFC 6797, max-age); 0 ends it. */
  hsts?: number;
}

/** A service as its service.json says, with every default filled in. */
export interface Service {
  name: string;
  /** The project's folder, relative to the workspace, with forward slashes. */
  root: string;
  ports: Port[];
  health?: Health;
  scale: Scale;
  resources: Resources;
  /** Names of services of the same environment that this one calls. */
  needs: string[];
  env: Readonly<Record<string, string>>;
  /**
   * Keys of the environment's Secret object that become environment variables of the same name. Of what parseService
   * returns all; of what resolveEnvironment returns those that the environment's orchestrator needs.
   */
  secrets: string[];
  /** Which of them only some orchestrators need, by key. */
  secretOrchestrators?: Readonly<Record<string, readonly OrchestratorName[]>>;
  volumes: Volume[];
  /** In place of the image's own command. */
  command?: string[];
  /** Numeric user and group, never 0; 1000 when the file says nothing. */
  user: number;
  /** Absolute paths that are writable in the otherwise read-only root; emptied with the pod. */
  writable: string[];
  /** Swarm only. */
  nodeFolders: NodeFolder[];
  /** Someone else's image, in place of a Dockerfile. */
  image?: string;
  /** What it can run on; absent: on everything. Environments on others leave it out. */
  orchestrators?: OrchestratorName[];
  proxy: Proxy;
  alerts: Alerts;
  sidecars: Sidecar[];
  /** Whether its pods get a token for the cluster's API (only the admin services do). */
  apiAccess: boolean;
  /** On Swarm: the program of its image that reads dockerd's API in its place, as a service of its own. */
  apiReader?: string[];
  /** ECS: ARN of the role whose rights all containers of a task have; absent: none. */
  taskRole?: string;
  /** Set by parseService. */
  source?: ServiceSource;
}
