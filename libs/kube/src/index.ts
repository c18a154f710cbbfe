export * from './client';
export * from './connection';
export { ApiError, ConflictError, UnreachableError, type FieldConflict } from './errors';
export { ifAllowed } from './if-allowed';
export {
  contextIn,
  contextOf,
  contextsOf,
  kubectlOf,
  podNamespace,
  readKubeconfig,
  type KubeconfigContext,
  type ListedContext,
} from './kubeconfig';
export * from './object';
export { picked, type Mutable } from './picked';
export { Watch, type WatchOptions } from './watch';
export * from './timed-lines';
