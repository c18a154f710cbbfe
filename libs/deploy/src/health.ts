import type { ObjectReference } from './change';

/** `hopeless`: it will not become healthy by waiting. */
export type HealthState = 'healthy' | 'progressing' | 'hopeless';

export interface WorkloadHealth {
  object: ObjectReference;
  state: HealthState;
  ready: number;
  wanted: number;
  /** What it waits for, or why there is no hope; empty when healthy. */
  message: string;
  /** The pod to look at. */
  pod?: string;
  /** The container to look at. */
  container?: string;
}
