import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { removeDockerImages } from '../image/testing-images';
import image from './image/executor';
import status from './status/executor';
import { readKubeconfigText, SmallWorkspace } from './testing-faults';

jest.setTimeout(60_000);

const kubeconfig = join(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const json = '.berth/result.json';
const runner = new ProcessRunner();

describe("a workspace's disk that is full", () => {
  const disk = mkdtempSync(join(tmpdir(), 'berth-full-'));
  const registry = `localhost:5000/berth-test-disk-${process.pid}`;
  let workspace: SmallWorkspace;
  let filler: string;
  let printed: string[];

  const build = () => image({ until: 'build', json }, { ...workspace.context, projectName: 'web' });
  /** Takes all that is left on the disk, but for so many bytes. */
  const fill = async (but: number) => {
    const { stdout } = await runner.run(['df', '--output=avail', '--block-size=1', disk]);
    writeFileSync(filler, Buffer.alloc(Number(stdout.split('\n')[1]) - but));
  };

  beforeAll(async () => {
    await runner.run(['mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    filler = join(disk, 'filler');
    workspace = new SmallWorkspace(
      `berth-test-faults-disk-${process.pid}`,
      { ports: [{ name: 'http', port: 8080 }] },
      disk,
    );
    workspace.registry = registry;
    workspace.write('apps/web/Dockerfile', 'FROM scratch\nCOPY data /data\nUSER 1000\n');
    workspace.write('apps/web/data', 'x'.repeat(500_000));
    workspace.access(readKubeconfigText(kubeconfig), {});
    for (const stream of ['log', 'error'] as const)
      jest
        .spyOn(console, stream)
        .mockImplementation((...text: unknown[]) => void printed.push(text.join(' ')));
  });
  beforeEach(() => {
    printed = [];
    rmSync(filler, { force: true });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await removeDockerImages(registry);
    await runner.run(['umount', disk]);
    rmSync(disk, { recursive: true });
  });

  it('stops a build context, is named, leaves none behind; the same command goes on once there is space', async () => {
    await fill(200_000);
    expect(await build()).toEqual({ success: false });
    const text = printed.join('\n');
    const contexts = join(workspace.root, '.berth/contexts');
    expect(text).toMatch(
      new RegExp(`No space is left on the disk of ${contexts}/\\S+: \\S+/data could not be`),
    );
    expect(text).toContain('df -h');
    expect(text).not.toMatch(/^\s+at /m);
    expect(existsSync(contexts) ? readdirSync(contexts) : []).toEqual([]);
    rmSync(filler);
    printed = [];
    expect({ ...(await build()), text: printed.join('\n') }).toMatchObject({ success: true });
  });

  it('keeps the last result of a command and no draft of the new one', async () => {
    workspace.write(json, 'the last');
    await fill(0);
    expect(await status({ json }, workspace.context)).toEqual({ success: false });
    expect(printed.join('\n')).toMatch(/No space is left on the disk of \S+\/\.berth: .*result\.json/);
    expect(readFileSync(join(workspace.root, json), 'utf8')).toBe('the last');
    expect(readdirSync(join(workspace.root, '.berth')).filter((name) => name.endsWith('.new'))).toEqual([]);
    rmSync(filler);
    expect(await status({ json }, workspace.context)).toEqual({ success: true });
    expect(readFileSync(join(workspace.root, json), 'utf8')).toContain('"exists": false');
  });
});
