import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { goBuild, type GoBuild } from './go-build';
import { leaveWish } from './guard/guard';
import { ProcessRunner } from './process-runner';
import type { Runner, RunOptions } from './runner';
import { removeAbandoned } from './scratch';
import { ownMark } from './supervisor/process-table';

/** A program that is built of a Go module. */
export interface GoProgram extends Pick<GoBuild, 'ldflags' | 'tags'> {
  name: string;
  /** The version that go.mod pins; the program is kept under it and the tags. */
  version: string;
  /** Folder of the go.mod and go.sum that pin all that it is made of. */
  module: string;
  /** The Go package of its main function. */
  source: string;
}

export interface GoBuildOptions extends Pick<RunOptions, 'onLine' | 'signal'> {
  runner?: Runner;
  /** Where built programs are kept; `~/.cache/berth/bin` when absent. */
  cache?: string;
}

/** The last build that this process has been asked for. */
let lastBuild: Promise<unknown> = Promise.resolve();

/**
 * A program of a Go module, built when the cache does not have this version of it with these tags. A process builds one at
 * a time: each build takes all cores, and what two programs share is compiled for the first of them.
 * @returns its path
 * @throws ProgramError when it cannot be built; where there is no Go it says where Go comes from
 */
export function goProgram(program: GoProgram, options: GoBuildOptions = {}): Promise<string> {
  const built = lastBuild.then(() => cachedProgram(program, options));
  lastBuild = built.catch(() => undefined);
  return built;
}

async function cachedProgram(
  { name, version, module, source, ldflags, tags = [] }: GoProgram,
  { runner = new ProcessRunner(), cache = join(homedir(), '.cache/berth/bin'), ...output }: GoBuildOptions,
): Promise<string> {
  const program = join(cache, name, [version, ...tags].join('+'), name);
  if (existsSync(program)) return program;
  const folder = dirname(program);
  mkdirSync(folder, { recursive: true });
  removeAbandoned(folder, BUILDING);
  const building = join(folder, `${BUILDING}${ownMark()}`);
  mkdirSync(building);
  const withdraw = leaveWish({ folder: building });
  try {
    const draft = join(building, name);
    const { argv, env } = goBuild({ sources: [source], output: draft, ldflags, tags });
    // What Go leaves of a build that was ended goes with the folder.
    await runner.run(argv, { ...output, cwd: module, env: { ...env, GOTMPDIR: building } });
    // Renamed, so that an interrupted build leaves nothing that looks whole.
    renameSync(draft, program);
  } finally {
    rmSync(building, { recursive: true, force: true });
    withdraw();
  }
  return program;
}

/** Begins the names of folders in which a program is being built; then comes the mark of who builds it. */
const BUILDING = 'building-';
