import type { Tree } from '@nx/devkit';
import { filesOfTree } from '../workspace/files';

/**
 * Brings the generated files of a folder to what is wanted: writes those whose content changes, and deletes those that
 * are not wanted any more.
 * @param wanted content by path below the folder
 * @param isOurs whether a file that is not wanted was generated; everything else in the folder is a person's
 * @returns the paths that changed, relative to the workspace
 */
export function writeGenerated(
  tree: Tree,
  folder: string,
  wanted: ReadonlyMap<string, string>,
  isOurs: (path: string) => boolean,
): string[] {
  const changed: string[] = [];
  for (const [path, content] of wanted) {
    const file = `${folder}/${path}`;
    if (tree.read(file, 'utf8') === content) continue;
    tree.write(file, content);
    changed.push(file);
  }
  for (const path of filesOfTree(tree).list(folder)) {
    if (wanted.has(path) || !isOurs(path)) continue;
    const file = `${folder}/${path}`;
    tree.delete(file);
    changed.push(file);
  }
  return changed;
}
