#!/usr/bin/env node
// Runs before anything is installed: it may use nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node ${process.versions.node} is too old: Berth needs 20.19 or newer.\n\n  https://nodejs.org/en/download`,
  );
  process.exit(1);
}

/** Of util-linux: has the kernel end a program together with who started it. */
const SETPRIV = '/usr/bin/setpriv';

/** Installs the packages of package-lock.json, unless exactly these are there. Returns the milliseconds it took. */
function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(workspace, 'package-lock.json')))
    .digest('hex');
  const mark = join(workspace, 'node_modules/.berth-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return undefined;
  console.log('Installing the npm packages of package-lock.json (npm ci) …');
  const started = Date.now();
  rmSync(mark, { force: true });
  const npm = ['npm', 'ci', '--no-audit', '--no-fund', '--prefer-offline'];
  // An npm that outlived this process would still write where that of the next start begins anew.
  const [program, ...args] = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', ...npm] : npm;
  const result = spawnSync(program, args, { cwd: workspace, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) {
    console.error('npm ci did not succeed: its output above says why. Then run the same command again.');
    process.exit(1);
  }
  writeFileSync(mark, lock);
  return Date.now() - started;
}

const packagesMs = installPackages();
const require = createRequire(join(workspace, 'package.json'));
process.chdir(workspace);
process.env.TS_NODE_PROJECT = join(workspace, 'tsconfig.base.json');
process.env.SWC_NODE_IGNORE_DYNAMIC = '1';
require('@swc-node/register');
const { main } = require(join(workspace, 'tools/workbench/src/main.ts'));
// What an interrupted command was waiting for may still hold the process.
process.exit(await main(process.argv.slice(2), workspace, packagesMs));
