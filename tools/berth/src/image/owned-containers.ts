import { isGone, leaveWish, ownMark, type Completed, type RunOptions, type Runner } from '@berth/exec';

const PREFIX = 'berth-run-';

/** What starts containers, with the commands that do. */
const STARTING: Readonly<Record<string, readonly string[]>> = {
  docker: ['run', 'create'],
  podman: ['run', 'create'],
};

/**
 * Names the containers that an engine starts for this process after it, so that none outlives it: what is left when it
 * ends, however it does, is removed then, and what a power cut has left is removed before the first is started: looked
 * for while the first image is built, so that no test waits for that.
 */
export class OwnedContainers implements Runner {
  readonly #names: string[] = [];
  #withdraw: (() => void) | undefined;
  #abandonedGone: Promise<void> | undefined;

  constructor(private readonly runner: Runner) {}

  async run(argv: readonly string[], options?: RunOptions): Promise<Completed> {
    const [program = '', command = '', ...rest] = argv;
    const starting = STARTING[program];
    if (command === 'build' && starting) this.#withoutAbandoned(program).catch(() => undefined);
    if (!starting?.includes(command)) return this.runner.run(argv, options);
    await this.#withoutAbandoned(program);
    return this.runner.run([program, command, '--name', this.#newName(program), ...rest], options);
  }

  /** Says that every container has been removed already. */
  allRemoved(): void {
    this.#withdraw?.();
  }

  #newName(program: string): string {
    const name = `${PREFIX}${ownMark()}-${this.#names.length + 1}`;
    this.#names.push(name);
    const before = this.#withdraw;
    this.#withdraw = leaveWish({ command: [program, 'rm', '--force', '--volumes', ...this.#names] });
    before?.();
    return name;
  }

  #withoutAbandoned(program: string): Promise<void> {
    return (this.#abandonedGone ??= this.#removeAbandoned(program));
  }

  async #removeAbandoned(program: string): Promise<void> {
    const { stdout } = await this.runner.run([
      program,
      'ps',
      '--all',
      '--filter',
      `name=^${PREFIX}`,
      '--format',
      '{{.Names}}',
    ]);
    const left = stdout
      .split('\n')
      .filter((name) => name.startsWith(PREFIX) && isGone(name.slice(PREFIX.length)));
    // Another run may be removing them too.
    if (left.length > 0)
      await this.runner.run([program, 'rm', '--force', '--volumes', ...left], { expect: [0, 1] });
  }
}
