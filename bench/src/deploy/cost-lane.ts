import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { measure } from '../measure';
import type { Samples } from '../samples';
import type { Contestant, Place } from './contestants';
import { Services } from './services';
import type { Surroundings } from './surroundings';

/** By CPU, not by time: what else the machine does takes little part. */
export interface Costs {
  clientSeconds: number;
  serverSeconds: number;
  requests: number;
  megabytes: number;
}

export const costCases = ['first deploy', 'nothing changed', 'one changed'] as const;
export type CostCase = (typeof costCases)[number];
export type CostSamples = Samples<CostCase | 'own start', Costs>;

/** One contestant with services of one number. */
export class CostLane {
  readonly #services: Services;
  readonly #root: string;
  #environment = '';
  #rounds = 0;

  constructor(
    private readonly contestant: Contestant,
    private readonly size: number,
    private readonly surroundings: Surroundings,
    private readonly samples: CostSamples,
    private readonly print: (line: string) => void,
  ) {
    this.#services = new Services(size, surroundings.images);
    this.#root = join(surroundings.scratch, contestant.id);
    mkdirSync(this.#root);
  }

  get #place(): Place {
    const { plane, programs, modules } = this.surroundings;
    const { id } = this.contestant;
    const places = { root: this.#root, modules, programs };
    return { ...places, ...plane.access(id), services: this.#services, environment: this.#environment };
  }

  async firstDeploy(): Promise<void> {
    this.#environment = `${this.contestant.id}-${this.size}-${++this.#rounds}`;
    this.contestant.write(this.#place);
    const inVain = this.contestant.wait ? [] : ['--timeout=1', '--rollback=false'];
    await this.#measure('first deploy', inVain);
  }

  async settle(): Promise<void> {
    await this.#run(this.contestant.wait?.(this.#place) ?? this.contestant.deploy(this.#place));
  }

  nothingChanged(): Promise<void> {
    return this.#measure('nothing changed');
  }

  async oneChanged(): Promise<void> {
    this.#services.change(this.#services.names[0] ?? '');
    this.contestant.write(this.#place);
    await this.#measure('one changed');
    await this.settle();
  }

  async #measure(of: CostCase, inVain: readonly string[] = []): Promise<void> {
    const { plane, env, signal } = this.surroundings;
    const { id, name } = this.contestant;
    const runner = new ProcessRunner({
      ...{ cwd: this.#root, env, signal },
      expect: inVain.length > 0 ? [1] : [0],
    });
    const [before, used] = [await plane.requests.byKind(id), plane.serverSeconds()];
    const argv = [...this.contestant.deploy(this.#place), ...inVain];
    const { cpuSeconds, megabytes } = await measure(runner, argv);
    const serverSeconds = plane.serverSeconds() - used;
    const after = await plane.requests.byKind(id);
    const sent = [...after]
      .map(([kind, count]): [string, number] => [kind, count - (before.get(kind) ?? 0)])
      .filter(([, count]) => count > 0)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    const requests = sent.reduce((sum, [, count]) => sum + count, 0);
    const figures = { clientSeconds: cpuSeconds, serverSeconds, requests, megabytes };
    this.samples.add(this.size, of, name, figures);
    this.print(
      `${this.size} services, ${of}, ${name}: ${cpuSeconds.toFixed(2)} s of its own, ${serverSeconds.toFixed(2)} s of the server, ${Math.round(megabytes)} MB, ${requests} requests: ${sent.map(([kind, count]) => `${count} ${kind}`).join('; ')}`,
    );
  }

  async #run(argv: readonly string[]): Promise<void> {
    const { env, signal } = this.surroundings;
    await new ProcessRunner({ cwd: this.#root, env, signal }).run(argv);
  }
}
