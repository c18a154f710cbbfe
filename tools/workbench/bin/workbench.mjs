#!/usr/bin/env node
// Runs before anything is installed: it may use nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
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

/** The packages of other clones, by what decides them: to unpack them anew takes npm half a minute. */
const cache = join(homedir(), '.cache/berth/packages');
const KEPT = 2;

const modules = join(workspace, 'node_modules');

/** Installs the packages of package-lock.json, unless exactly these are there. Returns the milliseconds it took. */
function installPackages() {
  const lock = sha256(readFileSync(join(workspace, 'package-lock.json')));
  const mark = join(modules, '.berth-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return undefined;
  const started = Date.now();
  rmSync(mark, { force: true });
  const kept = join(cache, sha256(JSON.stringify([lock, process.version, process.platform, process.arch])));
  if (existsSync(kept)) {
    console.log('Copying the npm packages that were installed for another clone …');
    rmSync(modules, { recursive: true, force: true });
    if (!run('cp', '-a', '--reflink=auto', kept, modules)) {
      console.error(`The packages could not be copied from ${kept}: cp says why above.`);
      process.exit(1);
    }
    utimesSync(kept, new Date(), new Date());
  } else {
    console.log('Installing the npm packages of package-lock.json (npm ci) …');
    if (!run('npm', 'ci', '--no-audit', '--no-fund', '--prefer-offline')) {
      console.error('npm ci did not succeed: its output above says why. Then run the same command again.');
      process.exit(1);
    }
    keep(kept);
  }
  writeFileSync(mark, lock);
  return Date.now() - started;
}

/** A program that outlived this process would still write where that of the next start begins anew. */
function run(...argv) {
  const [program, ...args] = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', ...argv] : argv;
  return spawnSync(program, args, { cwd: workspace, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

/** Whole or not at all, and only the newest few. Without a copy the next clone takes longer, and nothing else. */
function keep(kept) {
  const draft = `${kept}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    if (run('cp', '-a', '--reflink=auto', modules, draft)) renameSync(draft, kept);
    const age = (name) => statSync(join(cache, name)).mtimeMs;
    const oldest = readdirSync(cache).sort((one, other) => age(other) - age(one));
    for (const name of oldest.slice(KEPT)) rmSync(join(cache, name), { recursive: true, force: true });
  } catch (error) {
    console.log(`The packages are not kept for other clones: ${error.message}`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
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
