import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner, type Runner } from '@berth/exec';
import type { LiveObject } from '@berth/kube';
import { measure } from '../measure';
import { RESULT, type Contestant, type Place } from './contestants';
import type { Case, DeploySamples } from './rows';
import { Services } from './services';
import type { Surroundings } from './surroundings';

/** One contestant with services of one number. */
export class Lane {
  readonly runner: Runner;
  readonly services: Services;
  readonly #root: string;
  #environment = '';
  #rounds = 0;
  #changes = 0;

  constructor(
    readonly contestant: Contestant,
    private readonly size: number,
    private readonly surroundings: Surroundings,
    private readonly samples: DeploySamples,
  ) {
    const { scratch, env, images, signal } = surroundings;
    this.services = new Services(size, images);
    this.#root = join(scratch, `${contestant.id}-${size}`);
    mkdirSync(this.#root);
    this.runner = new ProcessRunner({ cwd: this.#root, env, signal });
  }

  get place(): Place {
    const { plane, programs, modules } = this.surroundings;
    return {
      root: this.#root,
      modules,
      ...plane.access(this.contestant.id),
      programs,
      services: this.services,
      environment: this.#environment,
    };
  }

  /** To a namespace of its own each time; the cases that follow go on with the last one. */
  async firstDeploy(): Promise<void> {
    this.#environment = `${this.contestant.id}-${this.size}-${++this.#rounds}`;
    this.contestant.write(this.place);
    await this.#measure('first deploy');
  }

  async nothingChanged(): Promise<void> {
    const before = generations(await this.#deployments());
    await this.#measure('nothing changed');
    if (generations(await this.#deployments()) === before) return;
    throw new Error(`${this.contestant.name} has changed something where nothing had changed`);
  }

  async oneChanged(): Promise<void> {
    this.changeOne();
    await this.#measure('one changed');
  }

  /** Gives the next service the other image. @returns its name */
  changeOne(): string {
    const service = this.services.names[this.#changes++ % this.size] ?? '';
    this.services.change(service);
    this.contestant.write(this.place);
    return service;
  }

  /** Measures what is said to bring one service. */
  async measureAlone(argv: readonly string[]): Promise<void> {
    const { seconds, megabytes } = await measure(this.runner, argv);
    this.add('that one alone', { seconds, healthySeconds: seconds, megabytes, requests: 0 });
    await this.settle();
  }

  /** Waits until the environment is as the services say. @throws Error when it is not */
  async settle(): Promise<void> {
    const wait = this.contestant.wait?.(this.place);
    if (wait) await this.runner.run(wait);
    const runs = new Map((await this.#deployments()).map((each) => [each.metadata.name, imageOf(each)]));
    const wrong = this.services.names.filter((name) => runs.get(name) !== this.services.imageOf(name));
    if (wrong.length > 0)
      throw new Error(
        `${this.contestant.name} left ${this.#environment} without what it should run of ${wrong.join(', ')}`,
      );
  }

  async #measure(of: Case): Promise<void> {
    const { requests } = this.surroundings.plane;
    const user = this.contestant.id;
    const before = await requests.of(user);
    const { seconds, megabytes } = await measure(this.runner, this.contestant.deploy(this.place));
    const sent = (await requests.of(user)) - before;
    const start = performance.now();
    await this.settle();
    const waited = this.contestant.wait ? (performance.now() - start) / 1000 : 0;
    this.add(of, {
      // With nothing to change all is healthy already, and whoever looks is not waiting.
      seconds: of === 'nothing changed' ? seconds : seconds - this.waitedItself(),
      healthySeconds: seconds + waited,
      megabytes,
      requests: sent,
    });
  }

  /** How long the deploy itself has waited until all was healthy, in seconds; the others do not. */
  waitedItself(): number {
    if (this.contestant.wait) return 0;
    const { steps } = JSON.parse(readFileSync(join(this.#root, RESULT), 'utf8')) as {
      steps: { step: string; seconds: number }[];
    };
    return steps.filter(({ step }) => step === 'healthy').reduce((sum, { seconds }) => sum + seconds, 0);
  }

  add(of: Case, figures: Parameters<DeploySamples['add']>[3]): void {
    this.samples.add(this.size, of, this.contestant.name, figures);
  }

  async #deployments(): Promise<LiveObject[]> {
    const query = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: this.#environment };
    return (await this.surroundings.plane.client.list(query)).items;
  }
}

function imageOf({ spec }: LiveObject): string {
  const { template } = spec as { template: { spec: { containers: { image: string }[] } } };
  return template.spec.containers[0]?.image ?? '';
}

/** Counted up by the server whenever somebody changes what is asked for. */
function generations(deployments: readonly LiveObject[]): string {
  return deployments
    .map(({ metadata }) => `${metadata.name} ${metadata.generation}`)
    .sort()
    .join('\n');
}
