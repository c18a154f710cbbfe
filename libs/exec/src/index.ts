export * from './dry-runner';
export * from './process-runner';
export * from './program-error';
export * from './quote';
export * from './recording-runner';
export * from './redaction';
export * from './runner';
