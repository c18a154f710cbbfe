import { ownMark, RecordingRunner } from '@berth/exec';
import { OwnedContainers } from './owned-containers';

jest.mock('@berth/exec', () => ({
  ...jest.requireActual<object>('@berth/exec'),
  leaveWish: jest.fn((wish) => () => void taken.push(wish)),
}));
const taken: unknown[] = [];

describe('containers of a run', () => {
  const own = `berth-run-${ownMark()}`;
  let runner: RecordingRunner;
  let containers: OwnedContainers;

  beforeEach(() => {
    taken.length = 0;
    runner = new RecordingRunner();
    containers = new OwnedContainers(runner);
  });

  it('are named after it, each by another name', async () => {
    await containers.run(['docker', 'run', '--rm', 'image']);
    await containers.run(['docker', 'create', 'image', 'none']);
    expect(runner.lines.slice(1)).toEqual([
      `docker run --name ${own}-1 --rm image`,
      `docker create --name ${own}-2 image none`,
    ]);
  });

  it('are those of podman too', async () => {
    await containers.run(['podman', 'run', 'image']);
    containers.allRemoved();
    expect(runner.lines.at(-1)).toBe(`podman run --name ${own}-1 image`);
    expect(taken).toEqual([{ command: ['podman', 'rm', '--force', '--volumes', `${own}-1`] }]);
  });

  it('are removed when it has ended, until it says that they are gone', async () => {
    await containers.run(['docker', 'run', 'image']);
    await containers.run(['docker', 'run', 'image']);
    containers.allRemoved();
    expect(taken).toEqual([
      { command: ['docker', 'rm', '--force', '--volumes', `${own}-1`] },
      { command: ['docker', 'rm', '--force', '--volumes', `${own}-1`, `${own}-2`] },
    ]);
  });

  it('that a power cut has left are removed before the first, and no others', async () => {
    // No process has it: the kernel's highest pid is 2^22.
    const left = 'berth-run-4194305-1-1';
    runner.when(['docker', 'ps'], { stdout: `${left}\n${own}-7\nsomebody-elses\n` });
    await containers.run(['docker', 'run', 'image']);
    await containers.run(['docker', 'run', 'image']);
    expect(runner.lines.filter((line) => line.includes('docker rm'))).toEqual([
      `docker rm --force --volumes ${left}`,
    ]);
  });

  it('are looked for from the first build on, once', async () => {
    await containers.run(['docker', 'build', '.']);
    expect(runner.lines).toContainEqual(expect.stringMatching(/^docker ps /));
    await containers.run(['docker', 'run', 'image']);
    expect(runner.lines.filter((line) => line.startsWith('docker ps'))).toHaveLength(1);
  });

  it('are not started when it cannot be said what was left', async () => {
    runner.when(['docker', 'ps'], { exitCode: 1 });
    await containers.run(['docker', 'build', '.']);
    await expect(containers.run(['docker', 'run', 'image'])).rejects.toThrow('docker ps');
  });

  it('are all that is changed', async () => {
    await containers.run(['docker', 'image', 'inspect', 'a']);
    await containers.run(['buildah', 'build', '.']);
    expect(runner.lines).toEqual(['docker image inspect a', 'buildah build .']);
  });
});
