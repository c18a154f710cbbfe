import type {
  Adjusting,
  DeployTarget,
  Destroying,
  LogReading,
  SecretKeeping,
  StatusReading,
} from '@berth/deploy';
import type { ManifestObject } from '@berth/manifests';

/** One orchestrator, as the suite of plans must know it. */
export interface PlanSetup {
  target: DeployTarget & Destroying;
  /** A name of its own for each environment that the suites make. */
  environment: (suffix: string) => string;
  /** The objects of an environment with these services. */
  objects: (environment: string, services: ContractServices) => ManifestObject[];
  /** What it calls things. */
  words: PlanWords;
  /** Takes the end of a suite's environments, where the next suite may run meanwhile; else it is waited for at once. */
  endLater?: (end: Promise<void>) => void;
}

/** What an orchestrator calls things. Objects are said by kind and name: `Deployment/one`. */
export interface PlanWords {
  /** Kind of the object that is the environment, for example `Namespace`. */
  home: string;
  /** The object that runs a service. */
  workload: (service: string) => string;
  /**
   * What the orchestrator keeps of a service in objects beside its workload and makes anew with its variables: another
   * value changes the first of these, and may change the others along. The workload alone when absent.
   */
  version?: (service: string) => readonly string[];
}

/** One orchestrator, and what the suites must know of the place where it runs. */
export interface ContractSetup extends PlanSetup {
  target: DeployTarget & StatusReading & Adjusting & SecretKeeping & LogReading & Destroying;
  /** Name of the environment whose services reach the public ones of all others; the suite makes it. */
  admin: string;
  /** Identifies the state of everything that was deployed: equal before and after, nothing was touched. */
  fingerprint: (environment: string, objects: readonly ManifestObject[]) => Promise<string>;
  /** What it calls things. */
  words: PlanWords & {
    /** Path of the number of replicas in a workload. */
    replicas: string;
    /** Said of a service whose image no registry has. */
    noImage: RegExp;
    /** How a failure names a running part of service `one`. */
    part: RegExp;
    /** Name of the object that keeps a key's value. */
    secret: (key: string) => string;
  };
  /** Address of a service that `serves`, for one of the same environment, or of `admin` with its environment's name. */
  address: (service: string, environment?: string) => string;
  /** Address of the gateway, for services; absent where there is none. */
  gateway?: string;
  /** Asks a running part of a service that `serves` for a path of its own; the answer is JSON. */
  ask: (environment: string, service: string, path: string) => Promise<unknown>;
  /** Kills one container of a service that `serves`. */
  kill: (environment: string, service: string) => Promise<void>;
}

export type ContractServices = Readonly<Record<string, ContractService>>;

export interface ContractService {
  /**
   * `runs`; `serves`: the program of `server.ts`, behind a public port and a health question; `sick`: the same, never
   * healthy; `crashes` at once with code 3 after it printed `the store is shut`; or has an image that no registry has.
   */
  behaviour: 'runs' | 'serves' | 'sick' | 'crashes' | 'image-missing';
  /** Whether the gateway gives a service that `serves` a host; on some orchestrators it has one anyhow. */
  public?: boolean;
  /** A variable of its environment; another value is another version. */
  version?: string;
  /** A key of the environment's secrets that it needs. */
  secret?: string;
  /** One when absent. */
  replicas?: number;
}
