import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { leaveWish } from './guard/guard';
import { ProcessRunner } from './process-runner';
import type { Runner, RunOptions } from './runner';
import { removeAbandoned } from './scratch';
import { ownMark } from './supervisor/process-table';

/** A program of a Python package. */
export interface PythonProgram {
  /** As it is started. */
  name: string;
  /** The package as pip names it, with what else of it is wanted: `moto[server]`. */
  package: string;
  /** Pinned: the program is kept under it, below its package. */
  version: string;
}

export interface PythonInstallOptions extends Pick<RunOptions, 'onLine' | 'signal'> {
  runner?: Runner;
  /** Where installed programs are kept; `~/.cache/berth/python` when absent. */
  cache?: string;
}

/**
 * A program of a Python package, installed in an environment of its own when the cache does not have this version.
 * @returns how it is started: the first arguments of its command
 * @throws ProgramError when it cannot be installed, for example where Python or its venv is missing
 */
export async function pythonProgram(
  { name, package: wanted, version }: PythonProgram,
  {
    runner = new ProcessRunner(),
    cache = join(homedir(), '.cache/berth/python'),
    ...output
  }: PythonInstallOptions = {},
): Promise<string[]> {
  // By what was wanted: the same program may have other parts.
  const folder = join(cache, wanted);
  const installed = join(folder, version);
  // The scripts that pip writes name the folder they were made in; Python itself finds its own.
  const started = [join(installed, 'bin/python'), join(installed, 'bin', name)];
  if (existsSync(installed)) return started;
  mkdirSync(folder, { recursive: true });
  removeAbandoned(folder, INSTALLING);
  const draft = join(folder, `${INSTALLING}${ownMark()}`);
  const withdraw = leaveWish({ folder: draft });
  try {
    await runner.run(['python3', '-m', 'venv', draft], output);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await runner.run([join(draft, 'bin/python'), ...install, `${wanted}==${version}`], output);
    // Renamed, so that an interrupted installation leaves nothing that looks whole.
    renameSync(draft, installed);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    withdraw();
  }
  return started;
}

/** Begins the names of folders in which a program is being installed; then comes the mark of who does it. */
const INSTALLING = 'installing-';
