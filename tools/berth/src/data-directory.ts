/** Names the folder of Nx's own data; with any of these Nx looks for no other. */
const ofNx = [
  'NX_WORKSPACE_DATA_DIRECTORY',
  'NX_CACHE_DIRECTORY',
  'NX_PROJECT_GRAPH_CACHE_DIRECTORY',
] as const;
/** Carries what was told, from Nx's own process to the executors. */
const variable = 'BERTH_DATA_DIRECTORY';

/**
 * Tells what Nx starts where Nx has its data. Else each process asks git three times who the repository is, by its
 * remotes or its first commit, to find the cache that its clones share (nx/src/utils/cache-directory). Only for tasks
 * that use no cache of Nx's.
 */
export function tellDataDirectory(env: NodeJS.ProcessEnv, directory: string): void {
  if (ofNx.some((name) => env[name])) return;
  env[ofNx[0]] = directory;
  env[variable] = directory;
}

/** Takes that back, so that an Nx which the task starts finds the cache that others use. */
export function forgetDataDirectory(env: NodeJS.ProcessEnv): void {
  if (env[variable] !== undefined && env[ofNx[0]] === env[variable]) delete env[ofNx[0]];
  delete env[variable];
}
