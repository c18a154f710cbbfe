import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostFiles } from '../files/host-files';
import { LocalFiles } from '../files/local-files';
import { RunnerFiles } from '../files/runner-files';
import type { Runner } from '../runner';
import { SshError } from '../ssh/ssh-error';
import { endProcesses, isRunning, startInStat, type ProcessIdentity } from './process-table';

/** What a supervisor of units needs of the host that they run on. */
export interface SupervisorHost {
  files: HostFiles;
  isRunning(identity: ProcessIdentity): Promise<boolean>;
  end(identity: ProcessIdentity, graceMs: number): Promise<void>;
  /** Starts a program of Node that outlives who started it; its output is added to a file. */
  launch(program: string, argument: string, logFile: string): Promise<void>;
}

/** What started programs may see of the environment: the same whoever starts them. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
};

export const thisHost: SupervisorHost = {
  files: new LocalFiles(),
  isRunning: async (identity) => isRunning(identity),
  end: (identity, graceMs) => endProcesses([identity], graceMs),
  launch: async (program, argument, logFile) => {
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [program, argument], {
      cwd: '/',
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.unref();
  },
};

/**
 * The host whose programs a runner runs.
 * @param node absolute path of Node there
 */
export function runnerHost(runner: Runner, node: string): SupervisorHost {
  const files = new RunnerFiles(runner);
  const alive = async ({ pid, started }: ProcessIdentity) => {
    const stat = await files.read(`/proc/${pid}/stat`).catch((error: unknown) => {
      // Of a host that is not reached nothing is known. Any other error: it ended while it was looked at.
      if (error instanceof SshError) throw error;
      return undefined;
    });
    return stat !== undefined && startInStat(stat) === started;
  };
  const signal = (identity: ProcessIdentity, name: string) =>
    runner.run(['kill', `-${name}`, String(identity.pid)], { expect: [0, 1] });
  return {
    files,
    isRunning: alive,
    end: async (identity, graceMs) => {
      if (!(await alive(identity))) return;
      await signal(identity, 'TERM');
      for (const until = Date.now() + graceMs; await alive(identity);) {
        if (Date.now() > until) return void (await signal(identity, 'KILL'));
        await delay(100);
      }
    },
    launch: async (program, argument, logFile) => {
      const env = Object.entries(ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
      // Of dpkg: away from the session of ssh, which would else wait for it. Its file of a pid never exists: whether the
      // program runs is known here by pid and start.
      const background = ['start-stop-daemon', '--start', '--background', '--chdir', '/'];
      const output = ['--pidfile', `${argument}.none`, '--output', logFile];
      await runner.run([
        'env',
        '-i',
        ...env,
        ...background,
        ...output,
        '--startas',
        node,
        '--',
        program,
        argument,
      ]);
    },
  };
}
