import type { ManifestObject } from '@berth/manifests';
import type { Needs } from './waves';

/** By service, a full image reference. */
export type Images = Readonly<Record<string, string>>;

/** One deploy, as it is remembered. */
export interface NewRecord {
  /** Who deployed, for example `ana@laptop`. */
  author: string;
  /** RFC 3339. */
  startedAt: string;
  finishedAt: string;
  commit?: string;
  /** By service, the image with its digest. */
  images: Images;
  /** Absent in records of older versions. */
  needs?: Needs;
  /** The number of the earlier record that this one brought back. */
  restores?: number;
  outcome: 'succeeded' | 'failed' | 'interrupted';
  /** Why it failed; absent when it succeeded. */
  failure?: string;
  /** What was created, changed, recreated or pruned: `change deployment/pricing`. */
  changes: readonly string[];
  /** Digest of the whole set: two deploys of the same objects have the same. */
  set: string;
  /** The whole set, for rollback. */
  objects: readonly ManifestObject[];
}

export interface DeployRecord extends Omit<NewRecord, 'objects' | 'outcome'> {
  number: number;
  /** `unreadable`: damaged, or written by a newer Berth; only its number and its time are known, and why as `failure`. */
  outcome: NewRecord['outcome'] | 'unreadable';
}
