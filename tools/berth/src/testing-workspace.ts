import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ProcessRunner, quoteArgv } from '@berth/exec';

const repository = resolve(__dirname, '../../..');

/** What a command said on both its streams, and how it ended. */
export interface Said {
  status: number;
  output: string;
}

/**
 * Runs the real Nx of a workspace, as a person would.
 * @param as what starts it as somebody else
 * @param terminal whether the person has one, of 80 columns
 * @param input what comes from standard input
 */
export async function runNx(
  root: string,
  args: readonly string[],
  {
    env = {},
    as = [],
    terminal = false,
    input,
  }: {
    env?: Readonly<Record<string, string>>;
    as?: readonly string[];
    terminal?: boolean;
    input?: string;
  } = {},
): Promise<Said> {
  const program = join(root, 'node_modules/nx/dist/bin/nx.js');
  // Nothing of what started the tests takes part.
  const others = Object.keys(process.env).filter((name) => !['PATH', 'HOME'].includes(name));
  const nx = [...as, process.execPath, program, ...args];
  // script(1) takes a line of shell, and its terminal has no size yet.
  const pipe = input === undefined ? '' : `${quoteArgv(['printf', '%s', input])} | `;
  const line = `stty cols 80 rows 24 && ${pipe}${quoteArgv(nx)}`;
  const { exitCode, stdout, stderr } = await new ProcessRunner().run(
    terminal ? ['script', '--quiet', '--return', '--command', line, '/dev/null'] : nx,
    {
      cwd: root,
      env: {
        ...Object.fromEntries(others.map((name) => [name, undefined])),
        // Plugins in processes of their own take twice the time to start.
        ...{ NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NO_COLOR: '1' },
        ...(terminal ? { TERM: 'xterm-256color' } : { CI: 'true' }),
        ...env,
      },
      expect: [0, 1],
      ...(input === undefined || terminal ? {} : { input }),
    },
  );
  return { status: exitCode, output: `${stdout}${stderr}` };
}

/**
 * A small workspace of its own, with the packages of this one and the plugin as a package. It lies in a folder as
 * people have them: with spaces, and letters beyond ASCII.
 */
export class SmallWorkspace {
  readonly root = mkdtempSync(join(tmpdir(), 'my wörkspace '));

  private constructor(private readonly env: Readonly<Record<string, string>>) {}

  /**
   * @param options of the plugin, in nx.json
   * @param env further variables of Nx
   */
  static async of(options: object, env: Readonly<Record<string, string>> = {}): Promise<SmallWorkspace> {
    const workspace = new SmallWorkspace(env);
    workspace.#fill(options);
    const install = [process.execPath, join(repository, 'tools/berth/install.mjs')];
    await new ProcessRunner().run([...install, join(workspace.root, 'node_modules/@berth/nx')]);
    return workspace;
  }

  #fill(options: object): void {
    for (const name of readdirSync(join(repository, 'node_modules'))) {
      if (!name.startsWith('.') && name !== '@berth') this.#link(`node_modules/${name}`);
    }
    this.#link('node_modules/.bin');
    cpSync(join(repository, 'tsconfig.base.json'), join(this.root, 'tsconfig.base.json'));
    this.write('package.json', {
      name: 'small',
      private: true,
      devDependencies: { '@berth/nx': '0.1.0', nx: '23.2.1' },
    });
    this.write('nx.json', {
      analytics: false,
      neverConnectToCloud: true,
      plugins: [{ plugin: '@berth/nx', options }],
      sync: { globalGenerators: ['@berth/nx:sync'] },
    });
    this.write('.gitignore', 'node_modules\n.nx\n');
  }

  #link(path: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(join(repository, path), join(this.root, path));
  }

  write(path: string, content: unknown): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  nx(...args: string[]): Promise<Said> {
    return runNx(this.root, args, { env: this.env });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
