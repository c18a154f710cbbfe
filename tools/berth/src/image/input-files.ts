import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Runner } from '@berth/exec';
import { ProgramError } from '@berth/exec';
import { UserError } from '@berth/model';

/** A file as it enters an input hash. */
export interface InputFile {
  /** Relative to the workspace, with forward slashes. */
  path: string;
  mode: 'file' | 'executable' | 'link';
  /** SHA-256 of the content, or of the link's target; hexadecimal. */
  content: string;
}

/**
 * Files that can be in a project's folder and never change its image: documentation, tests, what describes the
 * deployment and not the image (service.json, kubernetes/), and what only other tools read. They are left out of
 * the build context too, so that no file enters an image without entering its hash.
 * project.json and image.json are among them because they enter the hash as they were understood.
 */
const noInputs: readonly RegExp[] = [
  /\.(md|markdown)$/i,
  /(^|\/)(README|LICENSE|CHANGELOG)$/,
  /\.(spec|test)\.[cm]?[jt]sx?$/,
  /(^|\/)(__golden__|__snapshots__|__tests__|node_modules|\.git)(\/|$)/,
  /(^|\/)(jest\.config\.[cm]?[jt]s|tsconfig\.spec\.json|eslint\.config\.[cm]?[jt]s|\.gitignore|\.prettierrc(\.json)?)$/,
  /^(service|project|image)\.json$/,
  /^kubernetes\//,
];

/** @param path relative to the project's folder */
export function isImageInput(path: string): boolean {
  return !noInputs.some((pattern) => pattern.test(path));
}

/** The files of a workspace as git sees them: everything that is not ignored, committed or not. */
export class InputFiles {
  #listed: Promise<string[]> | undefined;
  readonly #read = new Map<string, InputFile | undefined>();

  constructor(
    private readonly workspaceRoot: string,
    private readonly runner: Runner,
  ) {}

  /**
   * The files below a folder that enter the image, sorted by path.
   * @param root relative to the workspace
   * @param except folders of build results, relative to `root`, in case git does not ignore them
   */
  async below(root: string, except: readonly string[] = []): Promise<InputFile[]> {
    const prefix = `${root}/`;
    const paths = startingWith(prefix, await this.#list()).filter(
      (path) =>
        isImageInput(path.slice(prefix.length)) &&
        !except.some((folder) => path.startsWith(`${prefix}${folder}/`)),
    );
    return paths.map((path) => this.file(path)).filter((file) => file !== undefined);
  }

  /** One file; undefined when it is not there. */
  file(path: string): InputFile | undefined {
    if (!this.#read.has(path)) this.#read.set(path, readInput(this.workspaceRoot, path));
    return this.#read.get(path);
  }

  /** One `git ls-files` for the whole workspace. Sorted by code unit, so that no locale takes part. */
  #list(): Promise<string[]> {
    this.#listed ??= this.runner
      .run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
        cwd: this.workspaceRoot,
      })
      .then(({ stdout }) => stdout.split('\0').filter(Boolean).sort())
      .catch((error: unknown) => {
        const said = error instanceof ProgramError ? error.stderr : '';
        if (/not a git repository/.test(said)) {
          throw new UserError(
            'The workspace is no git repository; git says which files belong to an image.',
            'git init',
            { cause: error },
          );
        }
        if (/dubious ownership/.test(said)) {
          throw new UserError(
            'The workspace belongs to another user, so git does not read it; git says which files belong to an image.',
            `git config --global --add safe.directory '${this.workspaceRoot}'`,
            { cause: error },
          );
        }
        throw error;
      });
    return this.#listed;
  }
}

/** A part of a sorted list, by bisection: every project asks for its own, and most of the list is of the others. */
function startingWith(prefix: string, sorted: readonly string[]): string[] {
  let start = 0;
  let end = sorted.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (sorted[middle]! < prefix) start = middle + 1;
    else end = middle;
  }
  while (sorted[end]?.startsWith(prefix)) end++;
  return sorted.slice(start, end);
}

/** Not by promises: the way through them takes several times as long as reading the small files of a project. */
function readInput(workspaceRoot: string, path: string): InputFile | undefined {
  const absolute = join(workspaceRoot, path);
  try {
    const stat = lstatSync(absolute);
    if (stat.isSymbolicLink()) return { path, mode: 'link', content: sha256(readlinkSync(absolute)) };
    if (stat.isFile()) {
      // Of the rights only this one is in git, so only this one is the same in every clone.
      const mode = stat.mode & 0o100 ? 'executable' : 'file';
      return { path, mode, content: sha256(readFileSync(absolute)) };
    }
  } catch (error) {
    // Deleted and not yet committed.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  throw new UserError(
    `${posix.normalize(path)} is a git repository inside this one; its files cannot enter an image.`,
    'Copy its files into the workspace, or let git ignore it.',
  );
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
