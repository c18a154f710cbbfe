import { basename } from 'node:path';
import { listProcesses, ProgramError, type ProcessEntry, type Runner } from '@berth/exec';
import type { BuildahProgram } from './arguments';

/** How buildah names the containers in which it builds. */
const NAME = /(^|-)working-container(-\d+)?$/;

const LISTS: Readonly<Record<BuildahProgram, readonly string[]>> = {
  podman: ['podman', 'ps', '--all', '--external', '--format', '{{.ID}} {{.Names}} {{.Command}}'],
  buildah: ['buildah', 'containers', '--format', '{{.ContainerID}} {{.ContainerName}} buildah'],
};

/**
 * Removes what builds leave that are ended between two steps: only while a program of RUN runs does buildah tidy up by
 * itself. A working container does not say whose it is, so those that came meanwhile are taken for the builds' own,
 * unless somebody else builds on this machine too.
 */
export class WorkingContainers {
  #builds = 0;
  #before: Promise<Set<string>> | undefined;
  #wasCutShort = false;

  constructor(
    private readonly program: BuildahProgram,
    private readonly runner: Runner,
    private readonly processes: () => readonly Pick<ProcessEntry, 'argv'>[] = listProcesses,
  ) {}

  async during(build: () => Promise<unknown>): Promise<void> {
    if (this.#builds++ === 0) this.#before = this.#list();
    try {
      await this.#before;
      await build();
    } catch (error) {
      this.#wasCutShort ||= wasCutShort(error);
      throw error;
    } finally {
      if (--this.#builds === 0 && this.#wasCutShort) {
        this.#wasCutShort = false;
        await this.#removeNew();
      }
    }
  }

  async #removeNew(): Promise<void> {
    if (this.processes().some(({ argv }) => isBuild(argv))) return;
    const before = await this.#before;
    const left = [...(await this.#list())].filter((id) => !before?.has(id));
    const force = this.program === 'podman' ? ['--force'] : [];
    if (left.length > 0)
      await this.runner.run([this.program, 'rm', ...force, ...left], { expect: [0, 1, 125] });
  }

  async #list(): Promise<Set<string>> {
    const { stdout } = await this.runner.run(LISTS[this.program]);
    const containers = stdout.split('\n').map((line) => line.split(/ +/));
    return new Set(
      containers.flatMap(([id = '', name = '', command]) =>
        command === 'buildah' && NAME.test(name) ? [id] : [],
      ),
    );
  }
}

function wasCutShort(error: unknown): boolean {
  return error instanceof ProgramError && ['aborted', 'timeout', 'signal'].includes(error.failure.kind);
}

function isBuild([program = '', ...rest]: readonly string[]): boolean {
  return (
    /^(podman|buildah)/.test(basename(program)) &&
    /^(build|bud|from)$/.test(rest.find((word) => !word.startsWith('-')) ?? '')
  );
}
