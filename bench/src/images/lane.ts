import { join } from 'node:path';
import { ProcessRunner, type Runner } from '@berth/exec';
import { measure } from '../measure';
import { shellLoop, type Contestant } from './contestants';
import { pushedManifests } from './pushed-manifests';
import type { Case, ImageSamples } from './rows';
import { Workspace } from './workspace';

/** What all contestants have in common. */
export interface Surroundings {
  scratch: string;
  /** Host and port of the registry. */
  registry: string;
  /** Where it keeps what it has. */
  storage: string;
  /** The node_modules that all workspaces share. */
  modules: string;
  /** Of the programs: nothing else of this process' environment reaches them. */
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** One contestant in a workspace of one size. */
export class Lane {
  readonly #workspace: Workspace;
  readonly #runner: Runner;
  readonly #path: string;
  #changes = 0;

  private constructor(
    readonly contestant: Contestant,
    private readonly size: number,
    private readonly surroundings: Surroundings,
    private readonly samples: ImageSamples,
  ) {
    const { scratch, modules, env, signal } = surroundings;
    this.#path = `${contestant.id}-${size}`;
    const root = join(scratch, this.#path);
    this.#runner = new ProcessRunner({ cwd: root, env, signal });
    this.#workspace = new Workspace(root, this.#path, size, modules, this.#runner);
  }

  static async of(
    contestant: Contestant,
    size: number,
    surroundings: Surroundings,
    samples: ImageSamples,
  ): Promise<Lane> {
    const lane = new Lane(contestant, size, surroundings, samples);
    contestant.prepare(lane.#workspace, `${surroundings.registry}/${lane.#path}`);
    await lane.#workspace.makeRepository();
    return lane;
  }

  async nothingChanged(): Promise<void> {
    await this.#measure('nothing changed', this.contestant.everything(this.#workspace), 0);
  }

  async allChanged(): Promise<void> {
    await this.#change(this.#workspace.services);
    await this.#measure('all changed', this.contestant.everything(this.#workspace), this.size);
  }

  async oneChanged(): Promise<void> {
    await this.#change([this.#nextService()]);
    const { changed = this.contestant.everything } = this.contestant;
    await this.#measure('one changed', changed(this.#workspace), 1);
  }

  /** What one changed service costs whoever knows which one it is. */
  async oneAlone(): Promise<void> {
    const service = this.#nextService();
    await this.#change([service]);
    await this.#measure('that one alone', shellLoop.only(service), 1);
  }

  #nextService(): string {
    return this.#workspace.services[this.#changes % this.size] ?? '';
  }

  #change(services: readonly string[]): Promise<void> {
    return this.#workspace.change(services, `change ${++this.#changes}`);
  }

  /** @throws Error when another number of images was pushed than had to be: then the figure says nothing */
  async #measure(of: Case, argv: readonly string[], pushes: number): Promise<void> {
    const before = this.#pushed();
    this.samples.add(this.size, of, this.contestant.name, await measure(this.#runner, argv));
    const pushed = this.#pushed() - before;
    if (pushed === pushes) return;
    throw new Error(`${this.contestant.name} pushed ${pushed} images with ${of}, not ${pushes}`);
  }

  #pushed(): number {
    return pushedManifests(this.surroundings.storage, this.#path);
  }
}
