import { spawn, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { findProcess, ProcessRunner } from '@berth/exec';

jest.setTimeout(60_000);

const program = 'tools/workbench/bin/workbench.mjs';
let root: string;
let child: ChildProcess | undefined;

const put = (path: string, content: string, mode = 0o644) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
};

/** A clone whose packages are one file of this machine, so that npm needs no network. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'install-'));
  cpSync(join(__dirname, '../bin/workbench.mjs'), join(root, program));
  put('tools/workbench/src/main.ts', "exports.main = () => (console.log('started'), 0);");
  put('register/package.json', JSON.stringify({ name: '@swc-node/register', version: '1.0.0' }));
  put('register/index.js', "require.extensions['.ts'] = require.extensions['.js'];");
  const npm = (...args: string[]) => new ProcessRunner().run(['npm', ...args], { cwd: root });
  await npm('pack', './register');
  const dependencies = { '@swc-node/register': 'file:swc-node-register-1.0.0.tgz' };
  put('package.json', JSON.stringify({ name: 'clone', private: true, dependencies }));
  await npm('install', '--package-lock-only', '--offline', '--no-audit', '--no-fund');
});
const environment = () => ({
  ...process.env,
  HOME: join(root, 'home'),
  PATH: `${join(root, 'slow')}:${process.env['PATH']}`,
});
const run = () =>
  new ProcessRunner().run([process.execPath, program], { cwd: root, env: { HOME: join(root, 'home') } });
const installed = () => readFileSync(join(root, 'node_modules/@swc-node/register/package.json'), 'utf8');
afterEach(() => child?.kill('SIGKILL'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('installs again after kill -9, and leaves no npm behind that still writes', async () => {
  // npm as it is in the middle of its work, for as long as it takes to kill what waits for it.
  put('slow/npm', '#!/bin/sh\nmkdir -p node_modules/half\necho $$\nexec sleep 1000\n', 0o755);
  child = spawn(process.execPath, [program], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child?.once('exit', resolve));
  const npm = await new Promise<number>((resolve) =>
    createInterface({ input: child!.stdout! }).on('line', (line) => Number(line) && resolve(Number(line))),
  );
  expect(findProcess(npm)).toBeDefined();
  child.kill('SIGKILL');
  await ended;
  while (findProcess(npm)) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(existsSync(join(root, 'node_modules/half'))).toBe(true);

  const { stdout } = await run();
  expect(stdout).toMatch(/Installing the npm packages[^]*started/);
  expect(existsSync(join(root, 'node_modules/half'))).toBe(false);
  expect(installed()).toContain('1.0.0');
  expect((await run()).stdout).toBe('started\n');
});

it('takes the packages of an earlier clone, until package-lock.json is another', async () => {
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect((await run()).stdout).toMatch(/^Copying the npm packages[^]*started\n$/);
  expect(installed()).toContain('1.0.0');
  expect((await run()).stdout).toBe('started\n');
  appendFileSync(join(root, 'package-lock.json'), '\n');
  expect((await run()).stdout).toMatch(/Installing the npm packages[^]*started/);
  expect(readdirSync(join(root, 'home/.cache/berth/packages'))).toHaveLength(2);
});
