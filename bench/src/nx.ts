import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeInto } from './write-into';

/** Of nx.json, what keeps Nx by itself. */
export const nxSettings = { analytics: false, neverConnectToCloud: true, defaultBase: 'main' };

/** Makes a folder a workspace. @param modules the node_modules that it shares */
export function writePackages(root: string, modules: string): void {
  const link = join(root, 'node_modules');
  if (!existsSync(link)) symlinkSync(modules, link);
  writeInto(root, 'package.json', { name: 'shop', private: true, devDependencies: { nx: '*' } });
}

/** Starts the Nx of a workspace. @param root its absolute path */
export function nx(root: string, ...args: string[]): string[] {
  return [process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...args];
}

/** The environment of everything that is measured: nothing of this process' reaches it, and Nx runs as it does in CI. */
export function bareEnvironment(
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string | undefined>> {
  const others = Object.keys(process.env).filter((name) => !['PATH', 'HOME', 'TMPDIR'].includes(name));
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    CI: 'true',
    NO_COLOR: '1',
    NX_DAEMON: 'false',
    // Plugins in processes of their own take twice the time to start, whoever's they are.
    NX_ISOLATE_PLUGINS: 'false',
    ...more,
  };
}
