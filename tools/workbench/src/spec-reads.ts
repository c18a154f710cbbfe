// eslint-disable-next-line no-restricted-imports, no-restricted-syntax -- it watches who starts programs, and starts none
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isIn } from './spec-inputs';

/** Of node:fs and its promises. */
const readers = [
  'readFileSync',
  'readFile',
  'openSync',
  'open',
  'copyFileSync',
  'copyFile',
  'cpSync',
  'cp',
  'existsSync',
];
const listers = ['readdirSync', 'readdir', 'opendirSync', 'opendir'];

/** When Nx is loaded, it asks Git and its files which repository this is, and names a folder in the home by it. */
const questionsOfNx = ['rev-parse --is-shallow-repository', 'rev-list --max-parents=0 HEAD'];
const filesOfNx = ['.git/HEAD', '.git/config', '.git/objects'];

/**
 * Watches what this process reads of a workspace by `node:fs`, and the arguments of the programs that it starts. What
 * those read is not seen, nor what Jest reads for an `import`.
 */
export class SpecReads {
  /** Paths in the workspace that the key of the spec leaves out. */
  readonly outside = new Set<string>();
  readonly #undo: (() => void)[] = [];

  /**
   * @param root absolute path of the workspace
   * @param inputs the folders of SpecInputs
   */
  constructor(
    private readonly root: string,
    private readonly inputs: readonly string[],
  ) {
    for (const methods of [fs, fs.promises]) {
      for (const name of readers) this.#watch(methods, name, (path) => this.#read(path));
      // Nx lists the root when it is loaded. Which files are there is in every key.
      for (const name of listers)
        this.#watch(methods, name, (path) => path !== this.root && this.#read(path));
    }
    // All that does not wait for the program's end comes here.
    this.#watch(childProcess.ChildProcess.prototype, 'spawn', (options) => {
      const { args = [], cwd } = options as { args?: string[]; cwd?: unknown };
      this.#program(args, cwd);
    });
    for (const name of ['spawnSync', 'execFileSync'])
      this.#watch(childProcess, name, (_, args, options) => {
        const { cwd } = ((Array.isArray(args) ? options : args) ?? {}) as { cwd?: unknown };
        this.#program(Array.isArray(args) ? args : [], cwd);
      });
  }

  end(): void {
    for (const undo of this.#undo) undo();
  }

  #watch(object: object, name: string, seen: (...args: unknown[]) => void): void {
    const methods = object as Record<string, unknown>;
    const before = methods[name];
    if (typeof before !== 'function') return;
    methods[name] = function (this: unknown, ...args: unknown[]) {
      seen(...args);
      return before.apply(this, args) as unknown;
    };
    this.#undo.push(() => (methods[name] = before));
  }

  #program(args: readonly string[], cwd: unknown): void {
    if (!questionsOfNx.includes(args.join(' '))) this.#read(cwd);
    for (const arg of args) if (arg.startsWith('/')) this.#read(arg);
  }

  #read(path: unknown): void {
    if ((typeof path !== 'string' || path === '') && !(path instanceof URL)) return;
    const absolute = resolve(typeof path === 'string' ? path : fileURLToPath(path));
    const inside = relative(this.root, absolute);
    if (inside.startsWith('..') || inside.split('/').includes('node_modules') || filesOfNx.includes(inside))
      return;
    const isFolder = fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory();
    const isKnown = isFolder
      ? this.inputs.some((folder) => `${inside}/`.startsWith(folder))
      : isIn(inside, this.inputs);
    if (!isKnown) this.outside.add(inside || '.');
  }
}
