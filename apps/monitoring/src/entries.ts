import type { HealthState } from '@berth/deploy';
// By its file: types of the page are checked without those of three orchestrators' clients.
import type { LastDeploy } from '@berth/orchestrators/src/deploy-notes';
import type { Refusal } from '@berth/routes';

/*
 * What the server tells the page. All of it is named here, field by field: nothing else of the cluster's objects leaves
 * the server. Times are RFC 3339.
 */

/** Where the table comes from. */
export interface SourceEntry {
  /** What runs the services; absent: Kubernetes. */
  orchestrator?: 'swarm';
  /** Since when it is not heard any more; absent while it is. */
  oldSince?: string;
}

/** Something public that gets no route. */
export interface RefusedRoute extends Pick<Refusal, 'host' | 'reason' | 'message'> {
  /** Name of the Service. */
  service: string;
}

export interface EnvironmentEntry {
  name: string;
  createdAt: string;
  /** It is being deleted. */
  ending: boolean;
  protected: boolean;
  /** For example `3d`. */
  ttl?: string;
  expiresAt?: string;
  /** Absent where no deploy has said so. */
  lastDeploy?: LastDeploy;
  /** Who deploys right now. */
  deploying?: { holder: string; since: string };
  refused: RefusedRoute[];
}

/** One workload of a service; most services have one. */
export interface ServiceEntry {
  environment: string;
  service: string;
  kind: string;
  /** Of the workload. */
  name: string;
  state: HealthState;
  ready: number;
  wanted: number;
  /** What it waits for, or why there is no hope, in the words of `nx status`; empty when healthy. */
  message: string;
  /** With their digests. */
  images: string[];
  createdAt: string;
  /** Hosts that lead to it. */
  hosts: string[];
  /** Of its Services, for example `http 8080`; sorted. */
  ports: string[];
  /** Probes that fail, apart from its health; absent when none does. */
  failing?: ProbeFailure[];
}

/** A probe of a service that fails. */
export interface ProbeFailure {
  /** For example `http://web.staging`, `web-staging.localhost through the gateway`. */
  asked: string;
  problem: string;
  since: string;
}

export type Entry = SourceEntry | EnvironmentEntry | ServiceEntry;

export const SOURCE_KEY = 'source';
export const environmentKey = (environment: string): string => `environment/${environment}`;
export const serviceKey = ({ environment, kind, name }: ServiceKey): string =>
  `service/${environment}/${kind}/${name}`;
export type ServiceKey = Pick<ServiceEntry, 'environment' | 'kind' | 'name'>;

/** What the page is sent: entries by key that are new or other than before, and keys of those that are gone. */
export interface TableChange {
  /** The server's clock. */
  now: string;
  set: Record<string, Entry>;
  gone: string[];
}

/** Of a Swarm a task. */
export interface PodDetail {
  name: string;
  /** For example `Running`, `CrashLoopBackOff`, `pending: no suitable node`. */
  state: string;
  ready: boolean;
  restarts: number;
  node: string;
  startedAt: string;
}

/** Of a Swarm the end of a task that has failed, or the last update of a service. */
export interface EventDetail {
  at: string;
  /** `Normal` or `Warning`. */
  type: string;
  reason: string;
  /** For example `Pod/web-5d8f-x2`. */
  object: string;
  message: string;
  count: number;
}

/** What the probes of one service have shown. */
export interface LatencyReport {
  /** Seconds that a point stands for. */
  pointSeconds: number;
  probes: ProbeReport[];
}

export interface ProbeReport {
  /** As in ProbeFailure. */
  asked: string;
  /** Absent before the first answer; `problem` where it was none that is wanted. */
  last?: { at: string; ms: number; status?: number; problem?: string };
  /** The oldest first; stretches without a probe are left out. */
  points: LatencyPoint[];
}

/** The probes of one stretch of time; milliseconds of those that succeeded, 0 when none has. */
export interface LatencyPoint {
  at: string;
  succeeded: number;
  failed: number;
  median: number;
  p95: number;
  max: number;
}

/** What stands behind one service of the table. */
export interface Details {
  pods: PodDetail[];
  /** Newest first. */
  events: EventDetail[];
  /** Those of its environment that are remembered, newest first. */
  deploys: LastDeploy[];
}

/** What one run of a container has put out last, with known secrets masked. */
export interface LogSource {
  pod: string;
  container: string;
  /** The run before the present one. */
  previous: boolean;
  lines: { at: string; text: string }[];
  /** There were earlier ones. */
  isCut: boolean;
  /** Why there are none. */
  failure?: string;
}

/** The last lines of a service. */
export interface LogLines {
  sources: LogSource[];
  /** Pods of which nothing was read, since there are many. */
  omittedPods: number;
}
