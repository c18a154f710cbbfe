import { UserError } from '@berth/model';

/** `stopped` in the middle or `untried`, because another one failed. */
export type Outcome = 'reused' | 'built' | 'failed' | 'stopped' | 'untried';

/** What became of one image. */
export interface ImageResult {
  project: string;
  /** Absent when it could not even be planned. */
  reference?: string;
  /** The input hash. */
  tag?: string;
  /** As the registry has it; absent for what was not pushed. */
  digest?: string;
  /** Bytes that its push has sent; absent for what was not pushed, or when it is not known. */
  bytes?: number;
  outcome: Outcome;
  milliseconds: number;
  failure?: Error;
}

/** Whether the image is there now, as far as it was to be brought. */
export function isDone({ outcome }: Pick<ImageResult, 'outcome'>): boolean {
  return outcome === 'reused' || outcome === 'built';
}

/** @throws UserError that lists every image that failed, when one did */
export function refuseFailures(results: readonly ImageResult[]): void {
  const wrong = results.filter(({ outcome }) => outcome === 'failed');
  if (wrong.length === 0) return;
  const bug = wrong.find(({ failure }) => !(failure instanceof UserError))?.failure;
  if (bug) throw bug;
  throw new UserError(
    wrong.map(({ project, failure }) => `${project}: ${failure?.message ?? 'failed'}`).join('\n'),
    [...new Set(wrong.flatMap(({ failure }) => (failure instanceof UserError && failure.hint) || []))].join(
      '\n',
    ) || undefined,
  );
}
