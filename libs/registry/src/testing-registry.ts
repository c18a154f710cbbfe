import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import type { KeyPair } from '@berth/exec/src/testing-authority';
import { stringify } from 'yaml';

export interface TestRegistryOptions {
  /** Folder for its configuration and data; several registries on one folder have the same images. */
  folder: string;
  /** Its name there. */
  name: string;
  /** As in its configuration: `htpasswd` or `token`. */
  auth?: object;
  tls?: KeyPair;
  /** Authority of the client certificates that it asks for. */
  clientAuthority?: string;
}

/** Debian's docker-registry on a free port of the loopback address, until it is stopped; for tests. */
export class TestRegistry {
  private constructor(
    readonly port: number,
    private readonly controller: AbortController,
    private readonly ended: Promise<unknown>,
  ) {}

  /** As in an image reference. */
  get host(): string {
    return `localhost:${this.port}`;
  }

  static async start({
    folder,
    name,
    auth,
    tls,
    clientAuthority,
  }: TestRegistryOptions): Promise<TestRegistry> {
    const file = join(folder, `${name}.yml`);
    writeFileSync(
      file,
      stringify({
        version: '0.1',
        log: { level: 'info', accesslog: { disabled: true } },
        storage: { filesystem: { rootdirectory: join(folder, 'images') }, delete: { enabled: true } },
        http: {
          addr: '127.0.0.1:0',
          ...(tls && { tls: { ...tls, ...(clientAuthority && { clientcas: [clientAuthority] }) } }),
        },
        ...(auth && { auth }),
      }),
    );
    const controller = new AbortController();
    let ended: Promise<unknown> | undefined;
    const port = await new Promise<number>((listening, failed) => {
      const onLine = (line: string) => {
        const found = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (found) listening(Number(found));
      };
      const argv = ['docker-registry', 'serve', file];
      ended = new ProcessRunner().run(argv, { signal: controller.signal, onLine }).catch(failed);
    });
    return new TestRegistry(port, controller, ended ?? Promise.resolve());
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.ended;
  }
}
