import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonProgram } from './python-program';
import { RecordingRunner } from './recording-runner';

const cache = mkdtempSync(join(tmpdir(), 'berth-python-'));
afterAll(() => rmSync(cache, { recursive: true }));

/** Makes the folder that `python3 -m venv` would make. */
function installing(pip: { exitCode?: number } = {}): RecordingRunner {
  const runner = new RecordingRunner();
  runner.when(['python3', '-m', 'venv'], (argv) => {
    mkdirSync(argv.at(-1) as string);
    runner.when([join(argv.at(-1) as string, 'bin/python')], () => pip);
    return {};
  });
  return runner;
}

const lint = { name: 'cfn-lint', package: 'cfn-lint', version: '1.2.3' };

it('installs the pinned version once, in an environment of its own', async () => {
  const runner = installing();
  const started = await pythonProgram(lint, { runner, cache });
  expect(started).toEqual([
    join(cache, 'cfn-lint/1.2.3/bin/python'),
    join(cache, 'cfn-lint/1.2.3/bin/cfn-lint'),
  ]);
  expect(runner.lines[1]).toMatch(/ -m pip install .*cfn-lint==1\.2\.3$/);
  expect(await pythonProgram(lint, { runner, cache })).toEqual(started);
  expect(runner.runs).toHaveLength(2);
});

it('leaves nothing of an installation that failed', async () => {
  const failing = { ...lint, version: '9' };
  await expect(pythonProgram(failing, { runner: installing({ exitCode: 1 }), cache })).rejects.toThrow();
  expect(existsSync(join(cache, 'cfn-lint/9'))).toBe(false);
  expect(readdirSync(join(cache, 'cfn-lint')).filter((name) => name.startsWith('installing'))).toEqual([]);
});
