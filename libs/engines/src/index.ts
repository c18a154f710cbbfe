export * from './buildah/buildah-engine';
export * from './docker/buildx';
export * from './docker/docker-engine';
export * from './engine';
export * from './engine-named';
export * from './engine-names';
export * from './podman/podman-engine';
export * from './request';
