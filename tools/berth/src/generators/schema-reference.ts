import { offsetFromRoot, type Tree } from '@nx/devkit';

/** In Berth's own workspace, where the plugin is not a package. */
const sources = 'node_modules/@berth/model/schemas';
const packaged = 'node_modules/@berth/nx/libs/model/schemas';

/** What a document in `folder` names as its `$schema`, for editors. */
export function schemaReference(
  tree: Tree,
  folder: string,
  document: 'cluster' | 'environment' | 'service',
): string {
  return `${offsetFromRoot(folder)}${tree.exists(sources) ? sources : packaged}/${document}.schema.json`;
}
