import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { leaveWish, ownMark, removeAbandoned } from '@berth/exec';
import { UserError } from '@berth/model';
import { writeWhole } from '../files';
import type { Machine } from '../machine';
import type { CheckedStep } from '../step';
import { KUBERNETES, MODULES, type ProgramModule } from '../versions';
import { parseChecksums, readChecksums, sha256OfFile } from './checksums';
import { buildPrograms } from './build';
import { downloadPrograms } from './download';

const SUMS = 'SHA256SUMS';
/** Begins the names of folders that are being filled; then come the mark of who fills it and the module. */
const FILLING = 'filling-';
/** Kept on the machine, so that neither a cleared cache nor a deleted clone stops a running cluster. */
const INSTALLED = ['kubeadm', 'kubelet', 'kubectl'];
/** Of a host that runs no control plane. */
export const NODE_PROGRAMS = ['kubeadm', 'kubelet'];

/** Programs of the cluster that the cache does not have: downloaded where the official address answers, else built. */
export function programsStep(machine: Machine): CheckedStep {
  const missing = () => MODULES.filter((module) => !isCached(machine, module));
  return {
    title: 'Programs of the cluster',
    details: missing().map(
      (module) =>
        `${module.download ? 'download, or build from' : 'build from'} Go module ${module.name} ${module.version}`,
    ),
    done: async () => missing().length === 0,
    run: async (log) => {
      for (const module of missing()) await fill(machine, module, log);
    },
  };
}

/** The folder of a module's programs in the cache, where they are brought when they are missing. */
export async function programsFolder(
  machine: Machine,
  module: ProgramModule,
  log: (line: string) => void,
): Promise<string> {
  if (!isCached(machine, module)) await fill(machine, module, log);
  return cacheFolder(machine, module);
}

/** @param names of the programs; all when absent */
export function installStep(machine: Machine, names: readonly string[] = INSTALLED): CheckedStep {
  const sumsFile = join(machine.paths.bin, SUMS);
  const wanted = () => readChecksums(join(cacheFolder(machine, KUBERNETES), SUMS));
  return {
    title: 'Programs on this machine',
    details: names.map((name) => `${join(machine.paths.bin, name)} ${KUBERNETES.version}`),
    done: async () => {
      const sums = wanted();
      const [there, found] = await Promise.all([
        machine.files.read(sumsFile).then((text) => parseChecksums(text ?? '')),
        machine.files.list(machine.paths.bin),
      ]);
      return names.every(
        (name) => found.includes(name) && sums.has(name) && there.get(name) === sums.get(name),
      );
    },
    run: async () => {
      const lines: string[] = [];
      for (const name of names) {
        const { path, sha256 } = await cachedProgram(machine, KUBERNETES, name);
        await machine.files.putProgram(path, join(machine.paths.bin, name));
        lines.push(`${sha256}  ${name}\n`);
      }
      await machine.files.write({ path: sumsFile, content: lines.join('') });
    },
  };
}

/** The SHA-256 that the cache wrote down for a program when it was built or downloaded. */
export function recordedChecksum(
  machine: Machine,
  module: ProgramModule,
  program: string,
): string | undefined {
  return readChecksums(join(cacheFolder(machine, module), SUMS)).get(program);
}

/**
 * A program of the cache, checked against the sum that was written down beside it.
 * @throws UserError when the file is not what was put there.
 */
export async function cachedProgram(
  machine: Machine,
  module: ProgramModule,
  program: string,
): Promise<{ path: string; sha256: string }> {
  const folder = cacheFolder(machine, module);
  const path = join(folder, program);
  const sha256 = await sha256OfFile(path);
  if (sha256 !== recordedChecksum(machine, module, program)) {
    throw new UserError(
      `${path} is not the file that was put there: its checksum differs`,
      `rm -r ${folder}, then again`,
    );
  }
  return { path, sha256 };
}

function cacheFolder({ paths }: Machine, module: ProgramModule): string {
  return join(paths.cache, module.name, module.version);
}

function isCached(machine: Machine, module: ProgramModule): boolean {
  const folder = cacheFolder(machine, module);
  const sums = readChecksums(join(folder, SUMS));
  return Object.keys(module.programs).every((name) => sums.has(name) && existsSync(join(folder, name)));
}

async function fill(machine: Machine, module: ProgramModule, log: (line: string) => void): Promise<void> {
  const folder = cacheFolder(machine, module);
  // What builds that were killed have left; one that runs for another clone keeps its own.
  removeAbandoned(machine.paths.cache, FILLING);
  // Filled beside and renamed, so that an interrupted build leaves nothing that looks whole.
  const filling = join(machine.paths.cache, `${FILLING}${ownMark()}-${module.name}`);
  rmSync(filling, { recursive: true, force: true });
  mkdirSync(filling, { recursive: true });
  const withdraw = leaveWish({ folder: filling });
  try {
    if (!(await downloadPrograms(machine, module, filling, log)))
      await buildPrograms(machine, module, filling, log);
    const names = Object.keys(module.programs);
    const sums = await Promise.all(names.map((name) => sha256OfFile(join(filling, name))));
    const content = names.map((name, index) => `${sums[index]}  ${name}\n`).join('');
    writeWhole({ path: join(filling, SUMS), content });
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(filling, folder);
  } finally {
    rmSync(filling, { recursive: true, force: true });
    withdraw();
  }
}
