import { posix } from 'node:path';

/** What kind of project a file makes of its folder. */
export type Kind = 'service' | 'image' | 'environment' | 'cluster';

/** Services and images come first: an environment or cluster that takes their name is the one that is wrong. */
export const kindsInOrder: readonly Kind[] = ['service', 'image', 'environment', 'cluster'];

/** The files that make projects, as one glob for Nx. */
export const markerGlob = '**/{service,image,env,cluster}.json';

/** The project whose targets are of the whole workspace. */
export const workspaceProjectName = 'berth';

/** The kind of project that `file` (relative to the workspace) makes of its folder, or undefined for other files of these names. */
export function kindOf(file: string): Kind | undefined {
  if (/(^|\/)(node_modules|dist|files|__golden__)\//.test(file)) return undefined;
  if (/^deploy\/environments\/[^/]+\/env\.json$/.test(file)) return 'environment';
  if (/^deploy\/clusters\/[^/]+\/cluster\.json$/.test(file)) return 'cluster';
  if (/^docker\/[^/]+\/image\.json$/.test(file)) return 'image';
  if (/(^|\/)service\.json$/.test(file)) return 'service';
  return undefined;
}

/** The name that Nx gives the project when its folder has no project.json that says another. */
export function projectNameOf(kind: Kind, root: string): string {
  const folder = posix.basename(root);
  return kind === 'cluster' ? `cluster-${folder}` : folder;
}
