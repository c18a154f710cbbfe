import type { Change } from './change';
import type { WorkloadHealth } from './health';

export type DeployStep =
  'observe' | 'images' | 'preflight' | 'plan' | 'build' | 'lease' | 'apply' | 'healthy' | 'prune' | 'record';

/** What a deploy tells while it runs; whoever prints decides how. */
export type DeployEvent =
  | { kind: 'step'; step: DeployStep; state: 'started' }
  | { kind: 'step'; step: DeployStep; state: 'finished' | 'failed'; milliseconds: number }
  /** The plan as it is now; told again when images were built or somebody else changed something meanwhile. */
  | { kind: 'plan'; changes: readonly Change[]; missingImages: readonly string[] }
  | { kind: 'applied'; change: Change }
  | { kind: 'health'; workloads: readonly WorkloadHealth[] }
  | { kind: 'pruned'; change: Change }
  /** It failed; the whole set goes back to an earlier record, by steps of its own. */
  | { kind: 'bringing back'; failure: string; record: number }
  | { kind: 'notice'; message: string };
