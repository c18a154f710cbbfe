// Puts the package where tests have a workspace: node tools/berth/install.mjs <folder>. It is made anew only when a
// source has changed.
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const sources = ['libs', 'tools/berth', 'package-lock.json'];

/** When a file, or something in a folder, was last changed, in milliseconds. A folder changes when a file goes. */
function changedAt(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const names = readdirSync(path).filter((name) => !['node_modules', 'dist'].includes(name));
  return Math.max(stats.mtimeMs, ...names.map((name) => changedAt(join(path, name))));
}

const made = join(root, '.berth/packages');
const current = String(Math.max(...sources.map((path) => changedAt(join(root, path)))));
const folder = join(made, current);
if (!existsSync(folder)) {
  const earlier = existsSync(made) ? readdirSync(made) : [];
  const draft = `${folder}.${process.pid}.new`;
  const { makePackage } = await import('./make-package.mjs');
  await makePackage(draft);
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    // Another has made it in the same moment.
    rmSync(draft, { recursive: true, force: true });
  }
  for (const name of earlier)
    if (!name.startsWith(current)) rmSync(join(made, name), { recursive: true, force: true });
}
const target = resolve(process.argv[2]);
rmSync(target, { recursive: true, force: true });
cpSync(folder, target, { recursive: true });
