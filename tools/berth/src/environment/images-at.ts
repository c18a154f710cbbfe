import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { ExecutorContext } from '@nx/devkit';
import { ProcessRunner, ProgramError } from '@berth/exec';
import { UserError } from '@berth/model';
import { withDigest } from '@berth/registry';
import type { DryRunRecord } from '../executors/image/ask-and-report';
import { innerNx } from '../inner-nx';
import type { ChosenImages } from './promoted-images';
import { commitNamed, inWorktree } from './worktree';

/** Lines of what Nx said that are shown when it fails. */
const lastLines = 12;

/**
 * The images that were built at a commit. Their tags are input hashes, so they are computed again from the files of that
 * commit, by Nx in a copy of them, and asked for in the registry. Nothing is built.
 * @param name of the commit, as git takes it
 * @throws UserError when there is no such commit, or the registry lacks images of it
 */
export async function imagesAt(
  name: string,
  services: readonly string[],
  context: Pick<ExecutorContext, 'root' | 'projectName'>,
): Promise<ChosenImages> {
  const runner = new ProcessRunner();
  const commit = await commitNamed(name, context.root, runner);
  if (services.length === 0) return { images: {}, commit };
  console.log(`Computing the tags of ${services.join(', ')} at ${commit.slice(0, 10)}`);
  const found = await inWorktree(commit, context.root, runner, (root) => asked(root, services, name, runner));
  return { images: builtAt(found, services, { name, commit, project: context.projectName ?? '' }), commit };
}

/**
 * The references, with digests, of what was found in the registry.
 * @throws UserError that names what is not there
 */
export function builtAt(
  found: DryRunRecord['images'],
  services: readonly string[],
  { name, commit, project }: { name: string; commit: string; project: string },
): Record<string, string> {
  const images: Record<string, string> = {};
  const lacks: string[] = [];
  for (const service of services) {
    const image = found[service];
    if (image === undefined) lacks.push(`  ${service}: there was no such service`);
    else if (image.digest === undefined) lacks.push(`  ${service}: ${image.reference}`);
    else images[service] = withDigest(image.reference, image.digest);
  }
  if (lacks.length === 0) return images;
  throw new UserError(
    `The registry does not have all images of commit ${commit.slice(0, 10)}; nothing is built for a deploy of another commit:\n${lacks.join('\n')}`,
    `Build them there: git checkout ${name} && nx run-many -t docker-push -p ${services.join(',')}\nor deploy what a record has: nx run ${project}:history, nx rollback ${project} --to=<number>`,
  );
}

async function asked(
  root: string,
  services: readonly string[],
  name: string,
  runner: ProcessRunner,
): Promise<DryRunRecord['images']> {
  const result = join(root, '.berth/images-at.json');
  const { program, env } = innerNx(root);
  const what = ['run-many', '-t', 'docker-push', '-p', services.join(',')];
  try {
    await runner.run([...program, ...what, '--dry-run', `--json=${result}`, '--outputStyle=static'], {
      cwd: root,
      env: { ...env, BERTH_TERMINAL: '/dev/null', NX_WORKSPACE_ROOT_PATH: undefined },
    });
    // Nx runs nothing, and does not mind, when it knows none of the projects.
    return existsSync(result) ? (JSON.parse(readFileSync(result, 'utf8')) as DryRunRecord).images : {};
  } catch (error) {
    const said = error instanceof ProgramError ? `${error.stdout}${error.stderr}` : (error as Error).message;
    const lines = meaningfulLines(said).slice(-lastLines);
    throw new UserError(
      `The tags of the images at ${name} cannot be computed, with the npm packages of now:\n${lines.map((line) => `  ${line}`).join('\n')}`,
      `See in a clone of its own: git checkout ${name} && npm ci && nx ${what.join(' ')} --dry-run`,
    );
  }
}

/** What Nx said, without its frame, colours and stacks. */
function meaningfulLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at |^ *NX |^Failed tasks:|^- \S+:docker-push$/.test(line));
}
