export * from './docker/docker-engine';
export * from './engine';
export * from './engine-named';
export * from './request';
