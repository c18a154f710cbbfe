export * from './client';
export * from './connection';
export { ApiError, ConflictError, UnreachableError, type FieldConflict } from './errors';
export type { KubeconfigContext } from './kubeconfig';
export * from './object';
export { Watch, type WatchOptions } from './watch';
