import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { measure, type Measured } from '../measure';
import { nothing } from '../nothing';
import { nx, nxSettings, writePackages } from '../nx';
import { writeInto } from '../write-into';
import type { DeploySamples } from './rows';
import { Services } from './services';
import type { Surroundings } from './surroundings';

/** Nx with as many projects and nothing to do: what every command of Nx's takes, without anything of Berth's. */
export class OwnStart {
  static readonly contestant = 'Nx';
  readonly #root: string;

  constructor(
    private readonly size: number,
    private readonly surroundings: Surroundings,
    private readonly samples: Pick<DeploySamples, 'add'>,
  ) {
    const { scratch, modules, images } = surroundings;
    this.#root = join(scratch, `nx-${size}`);
    writeInto(this.#root, 'nx.json', nxSettings);
    writePackages(this.#root, modules);
    for (const name of ['environment', ...new Services(size, images).names])
      writeInto(this.#root, `apps/${name}/project.json`, { name, targets: { nothing } });
  }

  async measure(): Promise<void> {
    const { seconds, megabytes } = await this.run();
    const figures = { seconds, healthySeconds: seconds, megabytes, requests: 0 };
    this.samples.add(this.size, 'own start', OwnStart.contestant, figures);
  }

  run(): Promise<Measured> {
    const { env, signal } = this.surroundings;
    const runner = new ProcessRunner({ cwd: this.#root, env, signal });
    return measure(runner, nx(this.#root, 'nothing', 'environment'));
  }
}
