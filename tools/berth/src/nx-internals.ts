/**
 * What the graph and the executors use of Nx, each from the module that defines it. @nx/devkit would load all that
 * generators need along with it, at each start of Nx and once more for each task: a tenth of a second each time.
 */
export { DependencyType, fileDataDepTarget } from 'nx/src/config/project-graph';
export { readFileMapCache } from 'nx/src/project-graph/nx-deps-cache';
export { workspaceDataDirectory } from 'nx/src/utils/cache-directory';
export { findMatchingProjects } from 'nx/src/utils/find-matching-projects';
export { globWithWorkspaceContext } from 'nx/src/utils/workspace-context';
export { workspaceRoot } from 'nx/src/utils/workspace-root';
