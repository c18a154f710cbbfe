export * from './docker-config';
export * from './http-registry';
export * from './reference';
export * from './registry';
