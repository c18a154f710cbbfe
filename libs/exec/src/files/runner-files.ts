import type { RunOptions, Runner } from '../runner';
import type { HostFiles } from './host-files';
import type { WholeFile } from './write-whole';

/** Files of the host whose programs a runner runs, by coreutils alone: nothing of ours needs to be there. */
export class RunnerFiles implements HostFiles {
  constructor(private readonly runner: Runner) {}

  async exists(path: string): Promise<boolean> {
    const { exitCode } = await this.runner.run(['test', '-e', path], { expect: [0, 1] });
    return exitCode === 0;
  }

  async read(path: string): Promise<string | undefined> {
    const { exitCode, stdout } = await this.runner.run(['cat', path], { expect: [0, 1] });
    if (exitCode === 0) return stdout;
    // It may also be there, and not be readable: that must not pass for a file that is not there.
    if (await this.exists(path)) await this.runner.run(['cat', path]);
    return undefined;
  }

  async write(...files: readonly WholeFile[]): Promise<void> {
    for (const { path, content, mode = 0o644 } of files)
      await this.#install(path, mode, { input: content });
  }

  putProgram(source: string, target: string): Promise<void> {
    return this.#install(target, 0o755, { inputFile: source });
  }

  async list(folder: string): Promise<string[]> {
    const { exitCode, stdout } = await this.runner.run(['ls', '-A1', folder], { expect: [0, 2] });
    return exitCode === 0 ? stdout.split('\n').filter(Boolean) : [];
  }

  async remove(...paths: readonly string[]): Promise<void> {
    if (paths.length > 0) await this.runner.run(['rm', '-rf', '--', ...paths]);
  }

  /** By a draft that is renamed; the rights are there before the content is. */
  async #install(path: string, mode: number, content: Pick<RunOptions, 'input' | 'inputFile'>): Promise<void> {
    const draft = `${path}.berth-new`;
    await this.runner.run(['install', '-D', '-m', mode.toString(8), '/dev/null', draft]);
    await this.runner.run(['dd', `of=${draft}`, 'bs=1M', 'status=none'], content);
    await this.runner.run(['mv', '-fT', draft, path]);
  }
}
