import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from './process-runner';
import { ProgramError } from './program-error';

const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, ...args];
const failureOf = async (run: Promise<unknown>): Promise<ProgramError> => {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProgramError)) throw new Error(`expected a ProgramError, got ${String(error)}`);
  return error;
};

jest.setTimeout(30_000);

describe('ProcessRunner', () => {
  const runner = new ProcessRunner();

  it('gives arguments as they are, without a shell', async () => {
    const { stdout } = await runner.run(node('console.log(process.argv[1])', '$(echo x) ; "y" *'));
    expect(stdout).toBe('$(echo x) ; "y" *\n');
  });

  it('gives the input, the environment and the folder', async () => {
    const script =
      'process.stdin.on("data", (d) => console.log(String(d), process.env.A, process.env.HOME, process.cwd()))';
    const { stdout } = await runner.run(node(script), {
      input: 'in',
      env: { A: '1', HOME: undefined },
      cwd: '/',
    });
    expect(stdout).toBe('in 1 undefined /\n');
  });

  it('passes each line on, the last one without a newline too', async () => {
    const lines: string[] = [];
    await runner.run(node('process.stdout.write("a\\nb\\r\\nc"); process.stderr.write("e\\n")'), {
      onLine: (line, stream) => lines.push(`${stream}:${line}`),
    });
    expect(lines.toSorted()).toEqual(['stderr:e', 'stdout:a', 'stdout:b', 'stdout:c']);
  });

  it('shows command, exit code and last lines of a failure', async () => {
    const error = await failureOf(
      runner.run(node('console.error("it broke"); process.exit(3)', 'two words')),
    );
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain("'two words'\nexited with code 3\n  it broke");
  });

  it('takes expected exit codes as success', async () => {
    await expect(runner.run(node('process.exit(3)'), { expect: [0, 3] })).resolves.toMatchObject({
      exitCode: 3,
    });
  });

  it('never shows what is to be redacted', async () => {
    const lines: string[] = [];
    const error = await failureOf(
      runner.run(node('console.log(process.argv[1]); process.exit(1)', 'hunter2'), {
        redact: ['hunter2', ''],
        onLine: (line) => lines.push(line),
      }),
    );
    expect(JSON.stringify([error.message, error.argv, error.stdout, lines])).not.toContain('hunter2');
    expect(error.stdout).toBe('***\n');
  });

  it('names a missing program and how to install it', async () => {
    const error = await failureOf(runner.run(['dockerd-that-is-not-there', '--version']));
    expect(error.message).toContain('dockerd-that-is-not-there is not installed');
    expect(error.hint).toBe('apt-get install -y --no-install-recommends dockerd-that-is-not-there');
  });

  it('does not blame the program for a missing folder', async () => {
    const error = await failureOf(runner.run(node(''), { cwd: '/no/such/folder' }));
    expect(error.failure.kind).toBe('not-started');
  });

  it('ends the program and its children after the time-out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exec-'));
    const pidFile = join(folder, 'pid');
    const script = `
      const child = require("child_process").spawn("sleep", ["1000"], { stdio: "inherit" });
      require("fs").writeFileSync(process.argv[1], String(child.pid));
      setInterval(() => {}, 1000);`;
    const error = await failureOf(runner.run(node(script, pidFile), { timeoutMs: 3000 }));
    expect(error.failure).toEqual({ kind: 'timeout', milliseconds: 3000 });
    expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('asks the program alone to end, by the signal that it is told', async () => {
    const controller = new AbortController();
    const program =
      "process.on('SIGHUP', () => { console.log('by SIGHUP'); process.exit(0); }); console.log('there'); setInterval(() => {}, 1000)";
    const lines: string[] = [];
    const run = runner.run(node(program), {
      signal: controller.signal,
      endBy: 'SIGHUP',
      onLine: (line) => {
        lines.push(line);
        if (line === 'there') controller.abort();
      },
    });
    expect((await failureOf(run)).failure).toEqual({ kind: 'aborted' });
    expect(lines).toEqual(['there', 'by SIGHUP']);
  });

  it('ends the program when aborted, and starts none once aborted', async () => {
    const controller = new AbortController();
    const run = runner.run(node('console.log("up"); setInterval(() => {}, 1000)'), {
      signal: controller.signal,
      onLine: () => controller.abort(),
    });
    expect((await failureOf(run)).failure).toEqual({ kind: 'aborted' });
    expect((await failureOf(runner.run(node(''), { signal: controller.signal }))).failure.kind).toBe(
      'aborted',
    );
  });
});

function isAlive(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}
