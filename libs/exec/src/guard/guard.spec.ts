import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { findProcess, listProcesses } from '../supervisor/process-table';

jest.setTimeout(60_000);

const root = join(__dirname, '../../../..');
let folder: string;
let owner: ChildProcess | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'guard-'))));
afterEach(() => {
  owner?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A Berth of one's own, that runs `script` with all of libs/exec; killed at its end or by the test. */
function berth(script: string): ChildProcess {
  owner = spawn(
    process.execPath,
    [
      '-r',
      '@swc-node/register',
      '-e',
      `const exec = require(${JSON.stringify(join(__dirname, '..'))}); ${script}`,
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        TMPDIR: folder,
        TS_NODE_PROJECT: join(root, 'tsconfig.base.json'),
        SWC_NODE_IGNORE_DYNAMIC: '1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return owner;
}

async function lineOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error('it said nothing');
}

async function until(condition: () => boolean, limitMs: number): Promise<void> {
  for (const end = Date.now() + limitMs; !condition(); await delay(20))
    if (Date.now() > end) throw new Error(`not within ${limitMs} ms: ${String(condition)}`);
}

/** Whether a Berth of this test has its guard. */
const isGuarded = () =>
  listProcesses().some(
    ({ pid, argv }) =>
      argv.at(-1) === join(__dirname, 'guard.mjs') && environmentOf(pid).includes(`TMPDIR=${folder}`),
  );

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/** A program with a child of its own, both of which say their pids. */
const family = `['sh', '-c', 'sleep 1000 & echo $$ $!; wait']`;

describe('what a Berth that was killed has started', () => {
  it('ends, with its children', async () => {
    const child = berth(`new exec.ProcessRunner().run(${family}, { onLine: (line) => console.log(line) });`);
    const pids = (await lineOf(child)).split(' ').map(Number);
    await until(isGuarded, 10_000);
    child.kill('SIGKILL');
    await until(() => pids.every((pid) => !findProcess(pid)), 10_000);
  });

  it('and its wishes are fulfilled, but not those that it took back', async () => {
    const [gone, kept, written] = ['gone', 'kept', 'written'].map((name) => join(folder, name));
    mkdirSync(gone!);
    mkdirSync(kept!);
    const child = berth(`
      exec.leaveWish({ folder: ${JSON.stringify(gone)} });
      exec.leaveWish({ folder: ${JSON.stringify(kept)} })();
      exec.leaveWish({ command: ['tee', ${JSON.stringify(written)}] });
      exec.ownTemporaryFolder(process.env);
      console.log(process.env.TMPDIR);
      setInterval(() => undefined, 1000);`);
    const temporary = await lineOf(child);
    expect(temporary).toMatch(/\/berth-run-\d+-\d+-\w+$/);
    child.kill('SIGKILL');
    await until(() => existsSync(written!) && !existsSync(gone!) && !existsSync(temporary), 10_000);
    expect(existsSync(kept!)).toBe(true);
  });
});

it('a temporary folder that a power cut has left goes with the next run', async () => {
  // No process has it: the kernel's highest pid is 2^22.
  const [left, other] = ['berth-run-4194305-1-aBc', 'somebody-elses'].map((name) => join(folder, name));
  mkdirSync(left!);
  mkdirSync(other!);
  const child = berth(`
    const giveBack = exec.ownTemporaryFolder(process.env);
    require('fs').writeFileSync(require('os').tmpdir() + '/file', '');
    const own = process.env.TMPDIR;
    giveBack();
    console.log(JSON.stringify([own, process.env.TMPDIR]));`);
  const [own, after] = JSON.parse(await lineOf(child)) as string[];
  expect([left, other, own].map((path) => existsSync(path!))).toEqual([false, true, false]);
  expect(after).toBe(folder);
});

describe('interruptible work', () => {
  it('has its programs ended, tidies up, and says what to type', async () => {
    const mark = join(folder, 'tidied');
    writeFileSync(mark, '');
    const child = berth(`
      exec.interruptible(async (signal) => {
        try {
          await new exec.ProcessRunner({ signal }).run(${family}, { onLine: (line) => console.log(line) });
        } finally { require('fs').writeFileSync(${JSON.stringify(mark)}, 'yes'); }
      }).catch((error) => { console.log(error.name + ' ' + error.hint); process.exit(130); });`);
    const lines: string[] = [];
    createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line));
    await until(() => lines.length === 1, 10_000);
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(lines[1]).toBe('Interrupted Run the same command again: it goes on from there.');
    expect(readFileSync(mark, 'utf8')).toBe('yes');
    for (const pid of lines[0]!.split(' ')) expect(findProcess(Number(pid))).toBeUndefined();
  });

  it('that only waits ends at once, without tidying up', async () => {
    const child = berth(`
      exec.interruptible(() => new Promise(() => setInterval(() => undefined, 1000)), { byPrograms: true })
        .catch((error) => process.exit(error.name === 'Interrupted' ? 130 : 1));
      console.log('waits');`);
    await lineOf(child);
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await exit).toBe(130);
  });
});
