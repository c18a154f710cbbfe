export * from './cluster';
export * from './environment';
export * from './problem';
export * from './service';
