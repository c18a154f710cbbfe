import { cpSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { machinePaths } from '@berth/clusters';
import { HOSTS_FOLDER, type NamespacedHost } from './namespaced-hosts';

const STORAGE = 'registry/data/docker/registry/v2';

/**
 * Gives a host's registry what this machine's own has, so that nothing is made or pushed twice. Blobs are linked: they
 * are never written to again.
 */
export function giveImages({ folder }: NamespacedHost): void {
  const from = join(machinePaths('/root').state, STORAGE);
  if (!existsSync(from)) throw new Error(`${from} is not there: npm start`);
  const to = join(folder, 'disk/berth', basename(HOSTS_FOLDER), STORAGE);
  for (const name of readdirSync(join(from, 'repositories')).filter((one) => !one.startsWith('berth-test')))
    cpSync(join(from, 'repositories', name), join(to, 'repositories', name), { recursive: true });
  linkAll(join(from, 'blobs'), join(to, 'blobs'));
}

function linkAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true }))
    if (entry.isDirectory()) linkAll(join(from, entry.name), join(to, entry.name));
    else linkSync(join(from, entry.name), join(to, entry.name));
}
