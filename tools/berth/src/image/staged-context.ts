import {
  chmod,
  copyFile,
  lstat,
  lutimes,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Runner } from '@berth/exec';
import { withDigests } from './dockerfile';
import { resultFolders } from './input-hash';
import { isImageInput, type InputFiles } from './input-files';
import { dockerfileOf, type ImagePlan } from './plan';

/**
 * The date of everything in a build context: 1 January 1980, the earliest that every archive format can hold. Engines
 * get the same as SOURCE_DATE_EPOCH.
 */
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
  if (Object.keys(plan.outside).length > 0) await pinDockerfile(plan, join(folder, 'Dockerfile'));
  await alike(folder);
}

async function pinDockerfile(plan: ImagePlan, file: string): Promise<void> {
  const text = await withDigests(dockerfileOf(plan, await readFile(file, 'utf8')), plan.outside);
  // It may be a link to a file that others use too.
  await rm(file);
  await writeFile(file, text);
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
  await mkdir(dirname(to), { recursive: true });
  const stat = await lstat(from);
  if (stat.isSymbolicLink()) await symlink(await readlink(from), to);
  else await copyFile(from, to);
}

/**
 * Gives a folder and everything below it the rights and the date that they have on every machine: of the rights only
 * whether its owner may run a file is in git, and the umask must not decide whether the image's user can read it.
 */
async function alike(path: string): Promise<void> {
  const stat = await lstat(path);
  if (stat.isDirectory()) await Promise.all((await readdir(path)).map((name) => alike(join(path, name))));
  if (!stat.isSymbolicLink()) await chmod(path, stat.isDirectory() || stat.mode & 0o100 ? 0o755 : 0o644);
  // Last, for whatever is put into a folder gives it another date.
  await lutimes(path, DATE, DATE);
}
