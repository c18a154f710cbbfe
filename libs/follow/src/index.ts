export { Dockerd } from './dockerd';
export { followReader, type Pace } from './follow-reader';
export { Loop, type LoopOptions } from './loop';
export { ReaderClient } from './reader-client';
export type { ReaderSource } from './reader-server';
export { runReader } from './run-reader';
