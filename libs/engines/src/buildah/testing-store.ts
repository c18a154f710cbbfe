import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

/** A store of images of a test's own, for podman and buildah: the machine's is left alone. */
export class TestStore {
  readonly runner: ProcessRunner;
  /** Where images and working containers are. */
  readonly root: string;

  private constructor(readonly folder: string) {
    this.root = join(folder, 'disk', 'root');
    this.runner = new ProcessRunner({ env: { CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf') } });
  }

  /** @param megabytes of memory that are its disk */
  static async make(megabytes = 256): Promise<TestStore> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-store-'));
    const store = new TestStore(folder);
    const disk = join(folder, 'disk');
    await mkdir(disk);
    await store.runner.run(['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk]);
    await writeFile(
      join(folder, 'storage.conf'),
      `[storage]\ndriver = "overlay"\ngraphroot = "${store.root}"\nrunroot = "${join(folder, 'run')}"\n`,
    );
    return store;
  }

  /** Below the store, besides the one that the store itself makes. */
  async mounts(): Promise<string[]> {
    const { stdout } = await this.runner.run(['findmnt', '--noheadings', '--raw', '--output', 'TARGET']);
    return stdout.split('\n').filter((path) => path.startsWith(`${this.root}/overlay/`));
  }

  async remove(): Promise<void> {
    await this.runner.run(['umount', '--recursive', join(this.folder, 'disk')]);
    await rm(this.folder, { recursive: true, force: true });
  }
}
