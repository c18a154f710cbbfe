export * from './extras';
export * from './labels';
export { WEB_PORT_NAME } from './network';
export { isGenerated, manifestsOf, type Manifests } from './manifests';
export * from './object';
export * from './render-files';
export * from './render-objects';
export { workloadKind } from './workload';
export * from './yaml-text';
