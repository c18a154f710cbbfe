export type ProviderName = 'bare-metal' | 'gke' | 'eks' | 'existing';

/** How the ports that a service opens to the outside are opened: the gateway's 80 and 443, and every `nodePort`. */
export type Exposure = 'load-balancer' | 'node-ports' | 'host-ports';

/** A cluster as its cluster.json says. */
export interface Cluster {
  /** Folder name; its Nx project is `cluster-<name>`. */
  name: string;
  root: string;
  provider: ProviderName;
  /** Relative to the workspace, or absolute. Every call passes it; the shell's current context is never used. */
  kubeconfig: string;
  context: string;
  /** There when cluster.json names a Swarm or an account and no kubeconfig: then it has no Kubernetes. */
  withoutKubernetes?: true;
  /** Where dockerd of a Swarm manager answers: `unix:///…`, `tcp://…` or `ssh://…`; absent where there is none. */
  docker?: string;
  exposure: Exposure;
  /** node-ports: by port of service.json, the port of every node that stands for it. Others stand for themselves. */
  nodePorts: Readonly<Record<string, number>>;
  /** The address of what leads the ports of service.json to the nodes; absent where nothing does. */
  front?: string;
  /** The account that environments on ECS are in; absent where there is none. */
  ecs?: EcsSettings;
  /** bare-metal: the machines; `localhost` is this one. The first runs the control plane. */
  hosts: string[];
  /** Of the provider gke only. */
  gke?: GkeSettings;
  /** Of the provider eks only. */
  eks?: EksSettings;
}

/** How many nodes there are to be. */
export interface NodeNumbers {
  /** A new cluster begins with them. */
  nodes: number;
  /** The autoscaler's limits; absent where nothing scales the nodes. */
  autoscaling?: { min: number; max: number };
}

export interface GkeSettings {
  project: string;
  /** A zone, or a region with nodes in several zones; numbers of nodes are then those of each zone. */
  location: string;
  isRegion: boolean;
  releaseChannel: 'rapid' | 'regular' | 'stable' | 'extended';
  /** A repository in Artifact Registry that stands before Docker Hub. */
  dockerHubMirror: boolean;
  /** Whether gcloud runs from the image of docker/gcloud, or is the one in PATH. */
  gcloud: 'image' | 'path';
  /** Absent with Autopilot, where Google runs the nodes. */
  pool?: NodeNumbers & { machineType: string };
}

export interface EksSettings {
  region: string;
  /** Of ~/.aws/config; the AWS SDK's own choice when absent. */
  profile?: string;
  /** Of Kubernetes, for example `1.33`; AWS's choice when absent. */
  version?: string;
  /** A VPC of its own is made when absent. */
  subnets?: string[];
  pool: NodeNumbers & { machineTypes: string[] };
}

/** Where environments on ECS are, with every default filled in. */
export interface EcsSettings {
  /** 12 digits. */
  account: string;
  region: string;
  /** Exactly one of `profile` and `credentials` is there: the shell's own account is used only when that is said. */
  profile?: string;
  credentials?: 'environment';
  /** ARN of a role that these credentials take on. */
  role?: string;
  /** Name of the ECS cluster. */
  cluster: string;
  vpc: string;
  /** Of the tasks. */
  subnets: string[];
  assignPublicIp: boolean;
  capacity: 'fargate' | 'ec2';
  /** There for `ec2` only. */
  capacityProvider?: string;
  architecture: 'x86_64' | 'arm64';
  /** Absent: nothing can be public. */
  loadBalancer?: OwnLoadBalancer | SharedListener;
  /** How the environment `admin` reaches public services of the others; absent: it does not. */
  privateNames?: PrivateNames;
  /** Reference of an image with wget, nc, tail and chown. */
  busybox?: string;
  logDays: number;
  /** Of S3: where templates lie that are too long for a request while CloudFormation reads them. */
  templateBucket?: string;
  /** Stands in for all of AWS, in tests. */
  endpoint?: string;
}

/** Names of public services inside the VPC: `<service>.<environment>.<domain>`. */
export interface PrivateNames {
  domain: string;
  /** Tasks of `admin` are in it, and tasks of others let it in. */
  securityGroup: string;
}

/** Each environment has a load balancer of its own. */
export interface OwnLoadBalancer {
  kind: 'own';
  subnets: string[];
  /** ARN; absent: no HTTPS. */
  certificate?: string;
  internal: boolean;
}

/** Environments add their rules to a listener that is there. */
export interface SharedListener {
  kind: 'shared';
  /** ARN. */
  listener: string;
  /** Of its load balancer. */
  securityGroup: string;
  tls: boolean;
}
