import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

const runner = new ProcessRunner();

/** Debian's docker-registry on a disk of its own that has no room, on a free port of this machine; for tests. */
export class FullRegistry {
  private constructor(
    private readonly folder: string,
    /** As in an image reference. */
    readonly host: string,
    private readonly controller: AbortController,
    private readonly ended: Promise<unknown>,
  ) {}

  static async start(): Promise<FullRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-full-registry-'));
    const disk = join(folder, 'disk');
    await mkdir(disk);
    await runner.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    const settings = {
      version: '0.1',
      log: { level: 'info', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: disk } },
      http: { addr: '127.0.0.1:0' },
    };
    const file = join(folder, 'config.yml');
    // YAML takes JSON.
    await writeFile(file, JSON.stringify(settings));
    const controller = new AbortController();
    let ended: Promise<unknown> = Promise.resolve();
    const port = await new Promise<string>((listening, failed) => {
      const onLine = (line: string) => {
        const found = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (found) listening(found);
      };
      const argv = ['docker-registry', 'serve', file];
      ended = runner.run(argv, { signal: controller.signal, onLine }).catch(failed);
    });
    return new FullRegistry(folder, `localhost:${port}`, controller, ended);
  }

  async makeRoom(): Promise<void> {
    await runner.run(['mount', '-o', 'remount,size=32m', join(this.folder, 'disk')]);
  }

  async remove(): Promise<void> {
    this.controller.abort();
    await this.ended;
    await runner.run(['umount', join(this.folder, 'disk')]);
    await rm(this.folder, { recursive: true, force: true });
  }
}
