import { RecordingRunner, type RunOptions } from '@berth/exec';
import { LOG, LoggedRunner, uploadsIn } from './logged-runner';

const digest = `sha256:${'a'.repeat(64)}`;
const logged = `time="2026-11-25T23:52:13Z" level=debug msg="Upload of layer ${digest} complete"`;
const warned = 'time="2026-11-25T23:52:13Z" level=warning msg="Failed, retrying in 1s"';

describe('what podman and buildah log', () => {
  it('is kept from people, and what they are warned of is not', async () => {
    const recording = new RecordingRunner().when(
      (argv) => argv.includes('push'),
      (_argv, { onLine }: RunOptions) => {
        for (const line of ['Copying blob', logged, warned]) onLine?.(line, 'stderr');
        return { stderr: `${logged}\n` };
      },
    );
    const lines: string[] = [];
    const { stderr } = await new LoggedRunner(recording).run(['podman', LOG, 'push', 'a'], {
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(['Copying blob', warned]);
    expect(uploadsIn(stderr)).toEqual(new Set([digest]));
  });

  it('is in no error, and neither is that it was asked for', async () => {
    const stderr = `${logged}\n${warned}\nError: gone\n`;
    const recording = new RecordingRunner().when(['podman'], { exitCode: 125, stderr });
    await expect(new LoggedRunner(recording).run(['podman', LOG, 'push', 'a'])).rejects.toMatchObject({
      message: `podman push a\nexited with code 125\n  ${warned}\n  Error: gone`,
      stderr: `${warned}\nError: gone\n`,
    });
  });

  it('stays in what a program prints that was not asked to log', async () => {
    const recording = new RecordingRunner().when(['podman'], { exitCode: 1, stderr: logged });
    await expect(new LoggedRunner(recording).run(['podman', 'build', '.'])).rejects.toMatchObject({
      stderr: logged,
    });
  });

  it('names no uploads when there were none, and is not known when there is no log', () => {
    expect(uploadsIn('time="now" level=debug msg="... already exists"\n')).toEqual(new Set());
    expect(uploadsIn('Copying blob\n')).toBeUndefined();
  });
});
