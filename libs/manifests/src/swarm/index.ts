export * from './names';
export { refusePatches, renderSwarmFiles } from './render-files';
export { renderSwarmObjects } from './render-objects';
export { ofEnvironment, volumeName } from './render-service';
export * from './service-spec';
export { renderStackFile } from './stack-file';
