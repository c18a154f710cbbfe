import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@berth/exec/src/testing-until';

const CGROUPS = '/sys/fs/cgroup';
const REMOVAL_MS = 10_000;

/** Whether each controller has a tree of cgroups of its own, as version 1 has it. */
export function isVersion1(): boolean {
  return existsSync(join(CGROUPS, 'memory'));
}

/** Names of all at the top that begin so. */
export function cgroupsNamed(prefix: string): string[] {
  return foldersIn(join(CGROUPS, 'memory')).filter((name) => name.startsWith(prefix));
}

/** The pids, as this machine knows them, of all that is in it. */
export function processesIn(cgroup: string): number[] {
  const walk = (folder: string): number[] => [
    ...readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number),
    ...foldersIn(folder).flatMap((name) => walk(join(folder, name))),
  ];
  const folder = join(CGROUPS, 'pids', cgroup);
  return existsSync(folder) ? walk(folder) : [];
}

/** Those directly in it, each with its controller. */
export function cgroupsIn(cgroup: string): string[] {
  return foldersIn(CGROUPS).flatMap((controller) =>
    foldersIn(join(CGROUPS, controller, cgroup)).map((name) => `${controller}/${name}`),
  );
}

/** Removes it with all in it, once the last process that has ended is out. */
export async function removeCgroup(cgroup: string): Promise<void> {
  const remove = (folder: string) => {
    for (const name of foldersIn(folder)) remove(join(folder, name));
    if (existsSync(folder)) rmdirSync(folder);
  };
  const tried = () => {
    try {
      for (const controller of foldersIn(CGROUPS)) remove(join(CGROUPS, controller, cgroup));
      return 'removed';
    } catch (error) {
      return String(error);
    }
  };
  await until(tried, (outcome) => outcome === 'removed', REMOVAL_MS);
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
