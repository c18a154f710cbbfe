export * from './cluster-provider';
export * from './provider';
export { BareMetal } from './bare-metal/bare-metal';
export { KUBERNETES_VERSION } from './bare-metal/versions';
export type { ControlPlanePrograms } from './bare-metal/programs/control-plane-programs';
export type { DebianPackage } from './bare-metal/machine/packages';
export { MARK } from './bare-metal/control-plane/mark';
export { API_SERVER, NODE_ADDRESS, NODE_PORT_RANGE, REGISTRY } from './bare-metal/settings';
