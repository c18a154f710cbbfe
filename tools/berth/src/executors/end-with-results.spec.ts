import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

jest.setTimeout(60_000);

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'batch-'))));
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that answers each message with results of that many letters, as Nx's does. */
function start(program: string): ChildProcess {
  const path = join(folder, program);
  mkdirSync(dirname(path), { recursive: true });
  const module = JSON.stringify(join(__dirname, 'end-with-results'));
  writeFileSync(
    path,
    `const { endWithResults } = require(${module});
process.on('message', (letters) => { endWithResults(); process.send('x'.repeat(letters)); });`,
  );
  return (child = fork(path, {
    execArgv: ['-r', require.resolve('@swc-node/register')],
    env: { ...process.env, TS_NODE_PROJECT: join(__dirname, '../../../../tsconfig.base.json') },
  }));
}

const answerOf = (asked: ChildProcess, letters: number) =>
  new Promise<string>((resolve) => {
    asked.once('message', (answer) => resolve(String(answer)));
    asked.send(letters);
  });

it('a batch ends by itself, once all of its results are sent', async () => {
  const batch = start('batch/run-batch.js');
  const exit = new Promise((resolve) => batch.once('exit', (...how) => resolve(how)));
  // More than a pipe holds.
  expect(await answerOf(batch, 10_000_000)).toHaveLength(10_000_000);
  expect(await exit).toEqual([0, null]);
});

it('any other process goes on', async () => {
  const other = start('run-executor.js');
  await answerOf(other, 1);
  expect(await answerOf(other, 2)).toBe('xx');
});
