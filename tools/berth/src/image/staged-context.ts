import { chmod, copyFile, lstat, mkdir, readdir, readlink, rm, symlink, utimes } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Runner } from '@berth/exec';
import { resultFolders } from './input-hash';
import { isImageInput, type InputFiles } from './input-files';
import type { ImagePlan } from './plan';

/** The date of every file in a build context: 1 January 1980, the earliest that every archive format can hold. */
const DATE = new Date('1980-01-01T00:00:00Z');

/** Files that git ignores and that are nobody's build result. */
const neverOutput = /(^|\/)(node_modules|\.git|\.nx|coverage|tmp)(\/|$)|(^|\/)\.env(\.|$)|\.log$/;

/**
 * Makes the folder that an image is built from: the files that entered the input hash, with rights and dates that
 * are the same on every machine, and what the project's target, builder and `prepare` made of them. Nothing else
 * can enter the image, so its tag says all.
 * @param folder absolute; emptied first
 */
export async function stageContext(
  plan: ImagePlan,
  folder: string,
  workspaceRoot: string,
  inputs: InputFiles,
  runner: Runner,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const source = join(workspaceRoot, plan.root);
  const files = (await inputs.below(plan.root, resultFolders(plan.image))).map(({ path }) =>
    path.slice(plan.root.length + 1),
  );
  for (const path of [...files, ...(await outputs(plan, source, runner))]) {
    await place(join(source, path), join(folder, path));
  }
}

/** What was made in the project's folder, relative to it. */
async function outputs({ image }: ImagePlan, source: string, runner: Runner): Promise<string[]> {
  const results = await Promise.all(
    resultFolders(image).map(async (folder) =>
      (await walk(join(source, folder))).map((path) => `${folder}/${path}`),
    ),
  );
  if (image.prepare === undefined) return results.flat().sort();
  // It may write anywhere in its folder; what it writes is ignored by git, or it would be an input.
  const { stdout } = await runner.run(
    ['git', 'ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--', '.'],
    { cwd: source },
  );
  const prepared = stdout
    .split('\0')
    .filter((path) => path !== '' && !path.endsWith('/') && !neverOutput.test(path) && isImageInput(path));
  return [...new Set([...results.flat(), ...prepared])].sort();
}

/** Files and links below a folder, relative to it. */
async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  const stat = await lstat(from);
  if (stat.isSymbolicLink()) {
    await symlink(await readlink(from), to);
    return;
  }
  await copyFile(from, to);
  // The creator's umask must not decide whether the image's user can read it.
  await chmod(to, stat.mode & 0o100 ? 0o755 : 0o644);
  await utimes(to, DATE, DATE);
}
