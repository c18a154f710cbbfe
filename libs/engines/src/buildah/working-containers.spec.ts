import { ProgramError, RecordingRunner } from '@berth/exec';
import { WorkingContainers } from './working-containers';

describe('working containers of builds', () => {
  const aborted = () => {
    const completed = { argv: ['podman', 'build'], exitCode: -1, stdout: '', stderr: '' };
    return Promise.reject(new ProgramError(completed, { kind: 'aborted' }));
  };
  const lists = (...replies: string[]) =>
    new RecordingRunner().when(['podman', 'ps'], ...replies.map((stdout) => ({ stdout })));
  const removed = (runner: RecordingRunner) => runner.lines.filter((line) => line.includes(' rm '));

  it('go when the build was cut short, and only those that it has brought', async () => {
    const runner = lists(
      'a1 node-working-container buildah\n',
      'a1 node-working-container buildah\nb2 working-container-1 buildah\nc3 web-working-container sh\nd4 web buildah\n',
    );
    const containers = new WorkingContainers('podman', runner, () => []);
    await expect(containers.during(aborted)).rejects.toThrow('no longer wanted');
    expect(removed(runner)).toEqual(['podman rm --force b2']);
  });

  it('are waited for until the last of the builds has ended', async () => {
    const runner = lists('', 'b2   working-container   buildah\n');
    const containers = new WorkingContainers('podman', runner, () => []);
    let end = (): void => undefined;
    const other = containers.during(() => new Promise<void>((resolve) => (end = resolve)));
    await expect(containers.during(aborted)).rejects.toThrow();
    expect(removed(runner)).toEqual([]);
    end();
    await other;
    expect(removed(runner)).toEqual(['podman rm --force b2']);
  });

  it('stay when they may be those of somebody else who builds', async () => {
    const runner = lists('', 'b2   working-container   buildah\n');
    const argv = ['/usr/bin/buildah', 'bud', '.'];
    await expect(new WorkingContainers('podman', runner, () => [{ argv }]).during(aborted)).rejects.toThrow();
    expect(removed(runner)).toEqual([]);
  });

  it('are not looked for when a build fails by itself', async () => {
    const runner = lists('', 'b2   working-container   buildah\n');
    const failing = () => Promise.reject(new Error('its Dockerfile is wrong'));
    await expect(new WorkingContainers('podman', runner, () => []).during(failing)).rejects.toThrow('wrong');
    expect(removed(runner)).toEqual([]);
  });
});
