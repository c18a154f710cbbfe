import type { PodStatus, WorkloadHealth } from '@berth/deploy';
import type { SwarmReadiness } from '@berth/manifests';
import type { SwarmService } from '@berth/routes';
import type { LastDeploy } from '../deploy-notes';

/*
 * What of a Swarm is told to who shows it to people, all of it named here: no variables, commands or mounts, no value of
 * a secret and no content of a config. Times are RFC 3339.
 */

export interface ShownSwarm {
  /** When it was so, by the clock of the manager that was asked. */
  at: string;
  /** Those that Berth has made, by name. */
  environments: readonly ShownEnvironment[];
  /** Whether Swarm is about to start or end tasks: what is said here holds for a moment only. */
  isMoving: boolean;
}

export interface ShownEnvironment {
  name: string;
  createdAt: string;
  protected: boolean;
  ttl?: string;
  expiresAt?: string;
  /** Newest first; none where an older Berth has deployed. */
  deploys: readonly LastDeploy[];
  /** Who deploys right now. */
  deploying?: { holder: string; since: string };
  /** By name. */
  services: readonly ShownService[];
}

export interface ShownService {
  /** Of the workspace's project. */
  name: string;
  health: Pick<WorkloadHealth, 'state' | 'ready' | 'wanted' | 'message'>;
  images: readonly string[];
  /** Docker's id and name of it, its age, and the labels that routes come from. */
  routed: SwarmService;
  /** Those that are to run. */
  tasks: readonly ShownTask[];
  /** Tasks that have failed, newest first: as many as Swarm remembers, ten at most. */
  ended: readonly ShownEnd[];
  /** The last one; absent when there was none. */
  update?: ShownUpdate;
  /** Where others may ask whether it is ready. */
  readiness?: SwarmReadiness;
  /** Ports of the nodes that lead to it. */
  published: readonly { name: string; port: number; published: number }[];
  /** The network that environments share, as its tasks are on it: `10.0.1.5/24`. Absent while none is. */
  network?: string;
}

/** A task, with what Swarm says of one that does not come about. */
export type ShownTask = PodStatus & { error?: string };

export interface ShownEnd {
  at: string;
  task: string;
  /** For example `failed`, `rejected`. */
  state: string;
  /** In the words of `nx status`. */
  why: string;
}

export interface ShownUpdate {
  /** Docker's, for example `completed`, `paused`. */
  state: string;
  /** When it ended; while it goes on, when it began. */
  at: string;
  /** Docker's own words. */
  message: string;
}
