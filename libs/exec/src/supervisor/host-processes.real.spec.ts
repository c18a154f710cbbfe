import { spawn } from 'node:child_process';
import { ProcessRunner } from '../process-runner';
import { localProcesses, RunnerProcesses, type HostProcesses } from './host-processes';

describe.each<[string, HostProcesses]>([
  ['of this machine', localProcesses],
  ['behind a runner', new RunnerProcesses(new ProcessRunner())],
])('processes %s', (_, processes) => {
  /** One that ignores SIGTERM. */
  const start = () =>
    new Promise<number>((resolve) => {
      const program = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
      const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.once('data', () => resolve(child.pid ?? 0));
    });

  it('are listed with their parent and their arguments', async () => {
    const pid = await start();
    const found = (await processes.list()).find((entry) => entry.pid === pid);
    expect(found).toMatchObject({ parent: process.pid });
    expect(found?.argv.slice(0, 2)).toEqual([process.execPath, '-e']);
    await processes.end(found ? [found] : [], 0);
  });

  it('are killed when they do not end, and no other process that has got the pid', async () => {
    const pid = await start();
    const entry = (await processes.list()).find((one) => one.pid === pid)!;
    await processes.end([{ ...entry, started: 'another' }], 0);
    expect((await processes.list()).some((one) => one.pid === pid)).toBe(true);
    await processes.end([entry], 100);
    expect((await processes.list()).some((one) => one.pid === pid)).toBe(false);
  });
});
