import type { SwarmService } from '@berth/routes';

/*
 * What of a Swarm the routes come from. It is all that dockerd's reader tells, and so all that the gateway can learn of
 * the Swarm: no variables, no commands, no names of images or secrets.
 */

/** A task that is to run. */
export interface SwarmTask {
  /** Id of its service. */
  service: string;
  /** Whether it runs; with a health check it runs once that has succeeded. */
  runs: boolean;
  /** On the network that environments share; absent when it is not there. */
  address?: string;
}

export interface SwarmState {
  /** With the labels that say what is public. */
  services: readonly SwarmService[];
  tasks: readonly SwarmTask[];
  /** Whether Swarm is about to start or end tasks: what is said here holds for a moment only. */
  isMoving: boolean;
}
