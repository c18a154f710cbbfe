import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goProgram } from './go-program';
import { RecordingRunner } from './recording-runner';

describe('goProgram', () => {
  const program = {
    name: 'lint',
    version: 'v1.2.3',
    module: '/modules/lint',
    source: 'example.com/cmd/lint',
  };
  let cache: string;
  let runner: RecordingRunner;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'berth-go-'));
    runner = new RecordingRunner();
    runner.when(['go', 'build'], (argv) => {
      writeFileSync(argv[argv.indexOf('-o') + 1] ?? '', 'program');
      return {};
    });
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));
  const folder = () => join(cache, 'lint/v1.2.3');

  it('builds a version once, from what go.mod and go.sum pin', async () => {
    const path = await goProgram({ ...program, ldflags: ['-X main.version=v1.2.3'] }, { runner, cache });
    expect(path).toBe(join(folder(), 'lint'));
    expect(readFileSync(path, 'utf8')).toBe('program');
    expect(runner.runs[0]).toMatchObject({ cwd: '/modules/lint', env: { CGO_ENABLED: '0' } });
    expect(runner.lines[0]).toContain(' -mod=readonly ');
    expect(runner.lines[0]).toContain(" -ldflags '-s -w -X main.version=v1.2.3' -o ");
    expect(await goProgram(program, { runner, cache })).toBe(path);
    expect(runner.runs).toHaveLength(1);
    expect(readdirSync(folder())).toEqual(['lint']);
  });

  it('builds one program at a time, once where it is asked for several times at once', async () => {
    let running = 0;
    let most = 0;
    runner.when(['go', 'build'], async (argv) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      writeFileSync(argv[argv.indexOf('-o') + 1] ?? '', 'program');
      running--;
      return {};
    });
    const other = { ...program, name: 'format' };
    const asked = [program, program, other, program].map((each) => goProgram(each, { runner, cache }));
    const [lint, again, format] = await Promise.all(asked);
    expect([again, format]).toEqual([lint, join(cache, 'format/v1.2.3/format')]);
    expect({ builds: runner.runs.length, most }).toEqual({ builds: 2, most: 1 });
  });

  it('builds what is asked for after a build that failed', async () => {
    const failing = new RecordingRunner().when(['go', 'build'], { exitCode: 1, stderr: 'no such package' });
    const asked = [goProgram(program, { runner: failing, cache }), goProgram(program, { runner, cache })];
    const [first, second] = await Promise.allSettled(asked);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('leaves out what tags leave out, and takes no program that was built with others', async () => {
    await goProgram({ ...program, tags: ['remove_all', 'enable_one'] }, { runner, cache });
    await goProgram(program, { runner, cache });
    expect(runner.runs).toHaveLength(2);
    expect(runner.lines[0]).toContain(' -tags remove_all,enable_one -ldflags ');
  });

  it('leaves nothing that looks whole when the build fails, nor what a killed one has left', async () => {
    // No process has it: the kernel's highest pid is 2^22.
    mkdirSync(join(folder(), 'building-4194305-1'), { recursive: true });
    runner.when(['go', 'build'], (argv) => {
      writeFileSync(argv[argv.indexOf('-o') + 1] ?? '', 'half');
      return { exitCode: 1, stderr: 'no space left on device' };
    });
    await expect(goProgram(program, { runner, cache })).rejects.toThrow('no space left on device');
    expect(existsSync(join(folder(), 'lint'))).toBe(false);
    expect(readdirSync(folder())).toEqual([]);
  });
});
