export { createDependencies } from './graph/create-dependencies';
export { createNodes, createNodesV2 } from './graph/create-nodes';
export { preTasksExecution } from './invocation';
export { readOptions, type BerthOptions } from './options';

export const name = '@berth/nx';
