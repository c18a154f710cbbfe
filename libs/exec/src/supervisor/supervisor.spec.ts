import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findProcess, isRunning, type ProcessIdentity } from './process-table';
import { ProcessRunner } from '../process-runner';
import { RecordingRunner } from '../recording-runner';
import { SshError } from '../ssh/ssh-error';
import { Supervisor } from './supervisor';
import { runnerHost, thisHost, type SupervisorHost } from './supervisor-host';
import type { Unit } from './unit';

jest.setTimeout(60_000);

const READ = 'fs.statSync(process.argv[1]); console.log("first is there"); setInterval(() => {}, 1000)';

describe.each<[string, SupervisorHost]>([
  ['of this machine', thisHost],
  // Over ssh it is the same programs; here its runner runs them on this machine.
  ['behind a runner', runnerHost(new ProcessRunner(), process.execPath)],
])('Supervisor %s', (_, host) => {
  let folder: string;
  let supervisor: Supervisor;
  const unit = (changes: Partial<Unit> = {}): Unit => ({
    name: 'clock',
    argv: [process.execPath, '-e', 'console.log("up", process.argv[1]); setInterval(() => {}, 1000)', 'a b'],
    ...changes,
  });
  const identity = (kind: string) =>
    JSON.parse(readFileSync(join(folder, `run/clock.${kind}.pid`), 'utf8')) as ProcessIdentity;
  const log = () =>
    existsSync(supervisor.logHint('clock')) ? readFileSync(supervisor.logHint('clock'), 'utf8') : '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
    supervisor = new Supervisor(join(folder, 'run'), join(folder, 'logs'), host);
  });
  afterEach(async () => {
    await supervisor.stop('clock');
    rmSync(folder, { recursive: true });
  });

  it('starts a program once, and again when its definition changes', async () => {
    await supervisor.ensure(unit());
    await until(() => log().includes('up a b') && isRunning(identity('program')));
    const first = identity('program');
    await supervisor.ensure(unit());
    expect(identity('program')).toEqual(first);
    await supervisor.ensure(unit({ env: { A: '1' } }));
    await until(() => log().split('up a b').length === 3);
    expect(isRunning(first)).toBe(false);
  });

  it('starts a program again when it was killed', async () => {
    await supervisor.ensure(unit());
    await until(() => log().includes('up') && isRunning(identity('program')));
    const killed = identity('program');
    process.kill(killed.pid, 'SIGKILL');
    await until(() => identity('program').pid !== killed.pid && isRunning(identity('program')));
    expect(await supervisor.isRunning(unit())).toBe(true);
  });

  it('takes over from a supervisor that was killed, and ends the program it left', async () => {
    await supervisor.ensure(unit());
    await until(() => log().includes('up') && isRunning(identity('program')));
    const left = identity('program');
    process.kill(identity('supervisor').pid, 'SIGKILL');
    await until(() => !isRunning(identity('supervisor')));
    expect(await supervisor.isRunning(unit())).toBe(false);
    await supervisor.ensure(unit());
    expect(isRunning(left)).toBe(false);
  });

  it('does not take another process for its own when a pid is used again', async () => {
    await supervisor.ensure(unit());
    await supervisor.stop('clock');
    const other = findProcess(process.pid);
    for (const kind of ['supervisor', 'program']) {
      writeFileSync(join(folder, `run/clock.${kind}.pid`), JSON.stringify({ pid: other?.pid, started: '1' }));
    }
    expect(await supervisor.isRunning(unit())).toBe(false);
    await supervisor.stop('clock');
    expect(findProcess(process.pid)).toEqual(other);
  });

  it('waits for files, and reads words of the command from one', async () => {
    const flags = join(folder, 'flags.env');
    const waiting = unit({
      argv: [
        process.execPath,
        '-e',
        'console.log(process.argv.slice(1).join("|")); setInterval(() => {}, 1000)',
        '$FLAGS',
      ],
      environmentFiles: [flags],
      waitForFiles: [flags],
    });
    await supervisor.ensure(waiting);
    expect(await supervisor.isRunning(waiting)).toBe(true);
    writeFileSync(flags, 'FLAGS="x=1 y=2"\n');
    await until(() => log().includes('x=1|y=2'));
  });

  it('runs what comes first to its end before each start, whatever comes of it', async () => {
    const first = join(folder, 'first');
    const runFirst = [['/bin/false'], ['/bin/touch', first]];
    await supervisor.ensure(unit({ runFirst, argv: [process.execPath, '-e', READ, first] }));
    await until(() => log().includes('first is there'));
  });

  it('ends program and supervisor, and may be asked twice', async () => {
    await supervisor.ensure(unit());
    await until(() => log().includes('up') && isRunning(identity('program')));
    const both = [identity('supervisor'), identity('program')];
    await supervisor.stop('clock');
    await supervisor.stop('clock');
    expect(both.map(isRunning)).toEqual([false, false]);
  });
});

describe('Supervisor of a host that is not reached any more', () => {
  it('takes nothing for ended, and keeps what it knows of it', async () => {
    const lost = new SshError('root@10.0.0.7: the connection was lost');
    const identity = JSON.stringify({ pid: 7, started: '1' });
    const runner = new RecordingRunner().when(['cat'], { stdout: identity }).when(/^cat \/proc\//, lost);
    const supervisor = new Supervisor('/run/units', '/logs', runnerHost(runner, '/usr/bin/node'));
    await expect(supervisor.stop('clock')).rejects.toBe(lost);
    expect(runner.lines.filter((line) => line.startsWith('rm'))).toEqual([]);
  });
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds(condition)) {
    if (Date.now() > end) throw new Error('not within 20 s');
    await delay(20);
  }
}

/** A file that is not there yet is no failure. */
function holds(condition: () => boolean): boolean {
  try {
    return condition();
  } catch {
    return false;
  }
}
