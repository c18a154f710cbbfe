import { DryRunner } from './dry-runner';
import { ProgramError } from './program-error';
import { RecordingRunner } from './recording-runner';

describe('RecordingRunner', () => {
  it('records argv and input, redacted', async () => {
    const runner = new RecordingRunner();
    await runner.run(['login', '-p', 'hunter2'], { input: 'hunter2\n', redact: ['hunter2'] });
    expect(runner.runs).toEqual([{ argv: ['login', '-p', '***'], input: '***\n' }]);
  });

  it('answers by prefix, pattern and function, later rules first', async () => {
    const runner = new RecordingRunner()
      .when(['docker'], { stdout: 'any' })
      .when(['docker', 'push'], { stdout: 'push' })
      .when(/inspect/, (argv) => ({ stdout: String(argv.length) }));
    const out = async (...argv: string[]) => (await runner.run(argv)).stdout;
    expect([
      await out('docker', 'ps'),
      await out('docker', 'push', 'x'),
      await out('docker', 'inspect'),
    ]).toEqual(['any', 'push', '2']);
  });

  it('gives replies in turn, the last for ever', async () => {
    const runner = new RecordingRunner().when(['a'], { exitCode: 1 }, { stdout: 'b' });
    await expect(runner.run(['a'])).rejects.toThrow(ProgramError);
    expect((await runner.run(['a'])).stdout + (await runner.run(['a'])).stdout).toBe('bb');
  });

  it('fails on the unexpected when strict', async () => {
    await expect(new RecordingRunner({ strict: true }).run(['rm'])).rejects.toThrow(
      'no answer was scripted for: rm',
    );
  });
});

describe('DryRunner', () => {
  it('prints a command line that can be pasted, redacted', async () => {
    const lines: string[] = [];
    await new DryRunner((line) => lines.push(line)).run(['echo', "it's", 'secret'], {
      cwd: '/tmp',
      redact: ['secret'],
    });
    expect(lines).toEqual([`cd /tmp && echo 'it'\\''s' ***`]);
  });
});
