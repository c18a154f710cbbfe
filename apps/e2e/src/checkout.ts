import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ProcessRunner, type Completed } from '@berth/exec';

const nx = [process.execPath, 'node_modules/nx/dist/bin/nx.js'];

/** What a person's clone of this repository is: another folder, the same files, a history to be affected by. */
export class Checkout {
  readonly #runner = new ProcessRunner();

  private constructor(readonly root: string) {}

  /**
   * Copies the files that Git knows, or would take, with the credentials of the local cluster. Its packages are those of
   * `workspace`.
   * @param own whether it has each file of them: a container that compiles in it sees no other folder. It lies below
   *   `workspace`, so that they can be links on one file system.
   */
  static async of(workspace: string, { own = false }: { own?: boolean } = {}): Promise<Checkout> {
    const parent = join(workspace, '.berth/checkouts');
    mkdirSync(parent, { recursive: true });
    const checkout = new Checkout(mkdtempSync(join(parent, 'e2e-')));
    const { stdout } = await checkout.#runner.run(['git', 'ls-files', '-coz', '--exclude-standard'], {
      cwd: workspace,
    });
    const ignored = ['deploy/clusters/local/kubeconfig', 'deploy/environments/admin/env.local.json'];
    for (const path of [...stdout.split('\0').filter(Boolean), ...ignored]) {
      if (!existsSync(join(workspace, path))) continue;
      mkdirSync(dirname(join(checkout.root, path)), { recursive: true });
      copyFileSync(join(workspace, path), join(checkout.root, path));
    }
    const packages = join(workspace, 'node_modules');
    if (own) await checkout.#runner.run(['cp', '-al', packages, checkout.root]);
    else checkout.#linkPackages(packages);
    rmSync(join(checkout.root, 'node_modules/.cache'), { recursive: true, force: true });
    // The plugin as its users have it: a package, and no sources that Nx would compile at each start.
    const install = [process.execPath, join(workspace, 'tools/berth/install.mjs')];
    await checkout.run([...install, 'node_modules/@berth/nx']);
    await checkout.git('init', '--quiet', '--initial-branch=main');
    await checkout.commit('as it is');
    return checkout;
  }

  #linkPackages(from: string): void {
    const to = join(this.root, 'node_modules');
    mkdirSync(to);
    for (const name of readdirSync(from)) {
      // Links to what lies beside them: to programs of packages, and to parts of the workspace.
      if (name === '.bin' || name === '@berth')
        cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
      else symlinkSync(join(from, name), join(to, name));
    }
  }

  git(...args: string[]): Promise<Completed> {
    const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com'];
    return this.#runner.run(['git', ...identity, ...args], { cwd: this.root });
  }

  async commit(message: string): Promise<void> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--message', message);
  }

  /** Runs Nx as CI would. @throws ProgramError when it fails */
  nx(...args: string[]): Promise<Completed> {
    return this.run([...nx, ...args]);
  }

  /** The same, with something on its standard input. */
  nxWith(input: string, ...args: string[]): Promise<Completed> {
    return this.run([...nx, ...args], { input });
  }

  run(argv: string[], { input }: { input?: string } = {}): Promise<Completed> {
    const env = {
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      CI: 'true',
    };
    return this.#runner.run(argv, {
      ...{ cwd: this.root, env, timeoutMs: 240_000 },
      ...(input !== undefined && { input }),
    });
  }

  /** By project, what the last `docker-push` did: `built` or `reused`. */
  imageOutcomes(): Record<string, string> {
    const { images } = this.json('.berth/images.json') as { images: Record<string, { outcome: string }> };
    return Object.fromEntries(Object.entries(images).map(([project, { outcome }]) => [project, outcome]));
  }

  json(path: string): unknown {
    return JSON.parse(readFileSync(join(this.root, path), 'utf8'));
  }

  write(path: string, document: object): void {
    writeFileSync(join(this.root, path), JSON.stringify(document));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
