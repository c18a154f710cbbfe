export * from './names';
export { renderSwarmFiles } from './render-files';
export { renderSwarmObjects } from './render-objects';
export { isShared as isSharedOnSwarm, ofEnvironment, volumeName } from './render-service';
export * from './service-spec';
export { renderStackFile } from './stack-file';
