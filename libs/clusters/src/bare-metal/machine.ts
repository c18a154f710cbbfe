import { existsSync } from 'node:fs';
import type { Runner, UnitKeeper } from '@berth/exec';
import type { MachinePaths } from './paths';

/** The machine that a cluster runs on, and what acts on it. */
export interface Machine {
  runner: Runner;
  keeper: UnitKeeper;
  paths: MachinePaths;
  isRoot: boolean;
  /** As Go and Kubernetes name it. */
  architecture: 'amd64' | 'arm64';
  /** Whether a file of the machine is there. */
  exists(path: string): boolean;
  /** Downloads; replaced in tests. */
  fetch: typeof fetch;
}

export function thisMachine(runner: Runner, keeper: UnitKeeper, paths: MachinePaths): Machine {
  return {
    runner,
    keeper,
    paths,
    isRoot: process.getuid?.() === 0,
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    exists: (path) => existsSync(path),
    fetch,
  };
}
