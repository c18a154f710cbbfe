import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { TestRegistry } from '@berth/registry/src/testing-registry';

const runner = new ProcessRunner();

/** A registry on a disk of its own that has no room; for tests. */
export class FullRegistry {
  private constructor(
    private readonly disk: string,
    private readonly registry: TestRegistry,
  ) {}

  /** As in an image reference. */
  get host(): string {
    return this.registry.host;
  }

  static async start(): Promise<FullRegistry> {
    const disk = await mkdtemp(join(tmpdir(), 'berth-full-registry-'));
    await runner.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    return new FullRegistry(disk, await TestRegistry.start({ folder: disk, name: 'full' }));
  }

  async makeRoom(): Promise<void> {
    await runner.run(['mount', '-o', 'remount,size=32m', this.disk]);
  }

  async remove(): Promise<void> {
    await this.registry.stop();
    await runner.run(['umount', this.disk]);
    await rm(this.disk, { recursive: true, force: true });
  }
}
