export { certificatesIn, type CertificateSource } from './certificates';
export * from './credentials';
export { DockerCredentials } from './docker-config';
export * from './http-registry';
export * from './reference';
export * from './registry';
export * from './send';
