// Keeps one program running: `node supervise.mjs <unit file>`. Started by supervisor.ts, which copies this file out of
// the workspace first, so that a program outlives the clone it was started from. Needs nothing but Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A program that ran this long was well; its next restart is at once again. */
const WELL_AFTER_MS = 30_000;
const POLL_MS = 200;
const STOP_GRACE_MS = 20_000;
const LOG_LIMIT_BYTES = 20_000_000;

const { unit, logFile, ownFile, childFile } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const say = (text) => console.log(`${new Date().toISOString()} supervisor: ${text}`);
let stopping = false;
let child;

const startedAt = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
};

const writeIdentity = (file, pid) => {
  writeFileSync(`${file}.new`, JSON.stringify({ pid, started: startedAt(pid) }));
  renameSync(`${file}.new`, file);
};

const answers = (path) =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });

const variables = () =>
  Object.fromEntries(
    (unit.environmentFiles ?? [])
      .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
      .map((line) => /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line))
      .filter(Boolean)
      .map(([, name, value]) => [name, value.trim().replace(/^(["'])(.*)\1$/, '$2')]),
  );

const rotateLog = () => {
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`);
};

const ready = async () => {
  if (!(unit.waitForFiles ?? []).every((file) => existsSync(file))) return false;
  return (await Promise.all((unit.waitForSockets ?? []).map(answers))).every(Boolean);
};

const runOnce = () =>
  new Promise((resolve) => {
    rotateLog();
    for (const file of unit.removeFirst ?? []) rmSync(file, { force: true });
    for (const [program, ...rest] of unit.runFirst ?? [])
      spawnSync(program, rest, { cwd: '/', stdio: 'ignore' });
    const known = variables();
    const argv = unit.argv.flatMap((word) =>
      /^\$\w+$/.test(word) ? (known[word.slice(1)] ?? '').split(/\s+/).filter(Boolean) : [word],
    );
    const log = openSync(logFile, 'a');
    child = spawn(argv[0], argv.slice(1), {
      cwd: '/',
      env: { ...process.env, ...unit.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    child.once('spawn', () => writeIdentity(childFile, child.pid));
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `exited with code ${code}`));
  });

const stop = async () => {
  if (stopping) return;
  stopping = true;
  if (child?.pid && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS).unref();
    await new Promise((resolve) => child.once('exit', resolve));
  }
  rmSync(childFile, { force: true });
  rmSync(ownFile, { force: true });
  process.exit(0);
};

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', () => undefined);
writeIdentity(ownFile, process.pid);
let pause = FIRST_PAUSE_MS;
while (!stopping) {
  if (!(await ready())) {
    await delay(POLL_MS);
    continue;
  }
  const since = Date.now();
  say(`starting ${unit.name}`);
  const end = await runOnce();
  if (stopping) break;
  if (Date.now() - since > WELL_AFTER_MS) pause = FIRST_PAUSE_MS;
  say(`${unit.name} ${end}; again in ${pause} ms`);
  await delay(pause * (0.8 + 0.4 * Math.random()));
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
}
