import type { Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { resultFolders } from './input-hash';
import { InputFiles } from './input-files';
import { failed, planImages, type ImagePlan, type ImageWorkspace } from './plan';

/**
 * Sees that what an image was built from is still what its tag says, before anybody can get it by that tag.
 * @throws UserError that names the files, when some changed meanwhile or `prepare` wrote where git looks
 */
export async function refuseChanged(
  plan: ImagePlan,
  before: InputFiles,
  workspace: ImageWorkspace,
  runner: Runner,
): Promise<void> {
  const after = new InputFiles(workspace.root, runner);
  const now = (await planImages([plan.project], workspace, after)).get(plan.project);
  if (now && !failed(now) && now.tag === plan.tag) return;
  const known = new Map(
    (await before.below(plan.root, resultFolders(plan.image))).map((file) => [file.path, file]),
  );
  const files = await after.below(plan.root, resultFolders(plan.image));
  const added = files.filter(({ path }) => !known.has(path)).map(({ path }) => path);
  const changed = files
    .filter(({ path, content, mode }) => {
      const old = known.get(path);
      return old !== undefined && (old.content !== content || old.mode !== mode);
    })
    .map(({ path }) => path);
  if (plan.image.prepare && added.length > 0) {
    throw new UserError(
      `Its prepare wrote ${added.join(', ')}, which git does not ignore: the next build would take it for an input.`,
      'Add it to .gitignore.',
    );
  }
  throw new UserError(
    `Files changed while its image was built${changed.length + added.length > 0 ? `: ${[...changed, ...added].join(', ')}` : ' (of what it stands on or uses)'}.`,
    'Run it again.',
  );
}
