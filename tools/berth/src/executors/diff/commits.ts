import type { Runner } from '@berth/exec';
import { gitIn, isShallow } from '../../git';

/** One commit between two images. */
export interface Commit {
  /** Short. */
  hash: string;
  subject: string;
  /** False: it is in the image that runs, and not in this workspace. */
  added: boolean;
}

/** What lies between two images of a service. */
export interface Commits {
  /** Newest first, not more than `longest`. */
  commits: Commit[];
  /** Why there are none, or what is not among them. */
  note?: string;
}

/** Commits that are listed of one service. */
const longest = 10;

/**
 * Lists the commits between the one that an image was deployed from and this workspace, as far as they touch these
 * folders. Commits on both sides count: the other may be of another branch.
 * @param runner in the folder of the workspace
 * @param from undefined when no record knows it
 * @param folders of the service's project and of what it uses, relative to the workspace
 */
export async function commitsBetween(
  runner: Runner,
  from: string | undefined,
  folders: readonly string[],
): Promise<Commits> {
  if (from === undefined) return { commits: [], note: 'no record says from which commit it was deployed' };
  const git = gitIn(runner);
  // A common commit too: where the history ends in between, a list of commits would look whole and not be.
  if (!(await git('merge-base', '--end-of-options', from, 'HEAD'))) {
    const short = from.slice(0, 10);
    return {
      commits: [],
      note: (await isShallow(git))
        ? `this clone is shallow and does not reach back to ${short}: git fetch --unshallow`
        : `${short} is not known in this clone: git fetch`,
    };
  }
  const paths = ['--', ...folders];
  const [log = '', changed = ''] = await Promise.all([
    git('log', '--left-right', '--format=%m%h %s', `--max-count=${longest + 1}`, `${from}...HEAD`, ...paths),
    git('status', '--porcelain', '--untracked-files=normal', ...paths),
  ]);
  const commits = log.split('\n').filter(Boolean).map(parse);
  const notes = [
    ...(commits.length > longest ? [`more: git log ${from.slice(0, 10)}...HEAD ${paths.join(' ')}`] : []),
    ...(changed ? ['changes that are not committed'] : []),
  ];
  if (commits.length + notes.length === 0)
    notes.push(
      'no commit touches its folders: npm packages, images from outside or settings of the build do',
    );
  return {
    commits: commits.slice(0, longest),
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
  };
}

/** `>3f2a9c0 Subject`; `<` for what is only in the image. */
function parse(line: string): Commit {
  const [, side, hash = '', subject = ''] = /^([<>])(\S+) ?(.*)$/.exec(line) ?? [];
  return { hash, subject, added: side === '>' };
}
