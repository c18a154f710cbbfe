import type { BuildSettings, Engine, Pushed } from '@berth/engines';
import { fileError, type Runner } from '@berth/exec';
import { UserError, type Service } from '@berth/model';
import { withDigest, type ImageReader, type Registry } from '@berth/registry';
import type { BerthOptions } from '../options';
import { buildImage } from './build-image';
import { InputFiles } from './input-files';
import { refusalOf } from './refusal';
import { refuseChanged } from './refuse-changed';
import { runTargets } from './nx-targets';
import {
  failed,
  planImages,
  standsOn,
  StandsOnWrongError,
  type ImagePlan,
  type ImageWorkspace,
  type Planned,
} from './plan';
import type { ImageReport } from './reporter';
import { Slots } from './slots';
import { testImage } from './test-image';

/** How far an image that the registry lacks is brought. */
export type Until = 'build' | 'test' | 'push';

/** What became of one image. */
export interface ImageResult {
  project: string;
  /** Absent when it could not even be planned. */
  reference?: string;
  /** The input hash. */
  tag?: string;
  /** As the registry has it; absent for what was not pushed. */
  digest?: string;
  /** Bytes that its push has sent; absent for what was not pushed, or when it is not known. */
  bytes?: number;
  outcome: 'reused' | 'built' | 'failed';
  milliseconds: number;
  failure?: Error;
}

export interface MakeOptions {
  until: Until;
  /** Images that are built at a time. */
  parallel: number;
  signal?: AbortSignal;
}

export interface MakeDependencies {
  workspace: ImageWorkspace;
  runner: Runner;
  registry: Registry & ImageReader;
  /** Asked whether it is there when something has to be built: none is needed to see that nothing has. */
  engine: Engine;
  /** Every service of the workspace. */
  services: () => readonly Service[];
  /** npm packages that must not be in a service's image. */
  devPackages: readonly string[];
  report: ImageReport;
  /** Milliseconds, only compared with each other. */
  clock?: () => number;
}

/**
 * Brings the images of these projects as far as `until` says: asks the registry for all of them at once, then builds,
 * tests and pushes what it lacks, each image as soon as those it stands on are there. A failure neither hides nor
 * stops the others.
 * @returns the results of `projects`, and of the images under them that had to be built or failed; someone else's
 *   images are not in it
 */
export async function makeImages(
  projects: readonly string[],
  options: MakeOptions,
  deps: MakeDependencies,
): Promise<ImageResult[]> {
  const inputs = new InputFiles(deps.workspace.root, deps.runner);
  const planned = await planImages(projects, deps.workspace, inputs);
  const making = new Making(planned, inputs, options, deps);
  return making.all(projects);
}

class Making {
  readonly #made = new Map<string, Promise<ImageResult>>();
  readonly #missing = new Map<string, ImagePlan>();
  readonly #digests = new Map<string, string>();
  readonly #failures = new Map<string, Error>();
  /** What the engine cannot make. */
  readonly #refused = new Map<string, Error>();
  readonly #targets = new Map<string, Promise<Map<string, Error | undefined>>>();
  readonly #slots: Slots;
  readonly #clock: () => number;
  #checked: Promise<void> | undefined;

  constructor(
    private readonly planned: ReadonlyMap<string, Planned>,
    private readonly inputs: InputFiles,
    private readonly options: MakeOptions,
    private readonly deps: MakeDependencies,
  ) {
    this.#slots = new Slots(options.parallel);
    this.#clock = deps.clock ?? (() => performance.now());
  }

  async all(projects: readonly string[]): Promise<ImageResult[]> {
    const wanted = [...new Set(projects)].filter((project) => this.planned.has(project));
    const started = this.#clock();
    const plans = [...this.planned.values()].filter((plan): plan is ImagePlan => !failed(plan));
    await Promise.all(plans.map((plan) => this.#ask(plan)));
    this.#findMissing(wanted);
    this.deps.report.asked({
      registry: this.deps.workspace.options.registry,
      images: plans.length,
      missing: [...this.#missing.keys()].sort(),
      unanswered: [...this.#failures.keys()].sort(),
      milliseconds: this.#clock() - started,
    });
    // An engine that cannot build them is found before any Nx target is run in vain; each image says so by itself.
    const ready = this.#missing.size === 0 || (await succeeded(this.#ready()));
    if (ready) this.#startTargets();
    const names = [...new Set([...wanted, ...this.#missing.keys()])].sort();
    return Promise.all(names.map((project) => this.#make(project)));
  }

  async #ask(plan: ImagePlan): Promise<void> {
    try {
      const digest = await this.deps.registry.digestOf(plan.reference);
      if (digest !== undefined) this.#digests.set(plan.project, digest);
    } catch (error) {
      this.#failures.set(plan.project, error as Error);
    }
  }

  /** What has to be built: what was asked for and is not there, and what is not there under that. */
  #findMissing(projects: readonly string[]): void {
    for (const project of projects) {
      const plan = this.planned.get(project);
      if (plan === undefined || failed(plan)) continue;
      if (this.#digests.has(project) || this.#failures.has(project) || this.#missing.has(project)) continue;
      const refusal = refusalOf(plan, this.options.until, this.deps.engine, this.deps.workspace.options);
      if (refusal) {
        this.#refused.set(project, refusal);
        continue;
      }
      this.#missing.set(project, plan);
      this.#findMissing(standsOn(plan));
    }
  }

  #make(project: string): Promise<ImageResult> {
    const known = this.#made.get(project);
    if (known) return known;
    const made = this.#makeOne(project).then((result) => {
      this.deps.report.finished(result);
      return result;
    });
    this.#made.set(project, made);
    return made;
  }

  async #makeOne(project: string): Promise<ImageResult> {
    const started = this.#clock();
    const plan = this.planned.get(project);
    const milliseconds = () => Math.round(this.#clock() - started);
    if (plan === undefined) throw new Error(`${project} was not planned`);
    const fail = (thrown: unknown): ImageResult => {
      const error = fileError(thrown);
      return {
        project,
        ...(!failed(plan) && { reference: plan.reference, tag: plan.tag }),
        outcome: 'failed',
        milliseconds: milliseconds(),
        failure: error instanceof Error ? error : new Error(String(error)),
      };
    };
    if (failed(plan)) return fail(plan.failure);
    const { reference, tag } = plan;
    const digest = this.#digests.get(project);
    if (digest !== undefined) return { project, reference, tag, digest, outcome: 'reused', milliseconds: 0 };
    const refused = this.#failures.get(project) ?? this.#refused.get(project);
    if (refused) return fail(refused);
    try {
      const references = await this.#under(plan);
      await this.#afterTarget(plan);
      const pushed = await this.#slots.run(() => this.#build(plan, references));
      return {
        project,
        reference,
        tag,
        ...pushed,
        outcome: 'built',
        milliseconds: milliseconds(),
      };
    } catch (error) {
      return fail(error);
    }
  }

  /** The images that this one stands on, once they are there: by digest from the registry, else by tag. */
  async #under(plan: ImagePlan): Promise<Map<string, string>> {
    const results = await Promise.all(standsOn(plan).map((project) => this.#make(project)));
    const wrong = results.find(({ outcome }) => outcome === 'failed');
    if (wrong?.failure) throw new StandsOnWrongError(wrong.project, wrong.failure);
    return new Map(
      results.map(({ project, reference = '', digest }) => [
        project,
        digest === undefined ? reference : withDigest(reference, digest),
      ]),
    );
  }

  async #build(plan: ImagePlan, references: ReadonlyMap<string, string>): Promise<Pushed | undefined> {
    const { workspace, runner, engine, registry, report } = this.deps;
    const { until, signal } = this.options;
    const { project } = plan;
    signal?.throwIfAborted();
    await this.#ready();
    const onLine = (line: string) => report.line(project, line);
    report.step(project, 'build');
    await buildImage(plan, references, {
      workspaceRoot: workspace.root,
      inputs: this.inputs,
      engine,
      ...settingsOf(workspace.options),
      runner,
      onLine,
      ...(signal && { signal }),
    });
    await refuseChanged(plan, this.inputs, workspace, runner);
    if (until === 'build') return undefined;
    report.step(project, 'test');
    await testImage(plan, {
      engine,
      services: this.deps.services,
      devPackages: this.deps.devPackages,
      runner,
      workspaceRoot: workspace.root,
      ...(signal && { signal }),
    });
    if (until === 'test') return undefined;
    report.step(project, 'push');
    return engine.push(plan.reference, { registry, onLine, ...(signal && { signal }) });
  }

  async #afterTarget({ project, image }: ImagePlan): Promise<void> {
    if (image.target === undefined) return;
    const failure = (await this.#targets.get(image.target))?.get(project);
    if (failure) throw failure;
  }

  /** Asked once whether it is there, however many images are built. */
  #ready(): Promise<void> {
    return (this.#checked ??= this.deps.engine.check(settingsOf(this.deps.workspace.options)));
  }

  /** The Nx targets of all missing images, in one Nx a target: each Nx would compute the project graph anew. */
  #startTargets(): void {
    const byTarget = new Map<string, string[]>();
    for (const { project, image } of this.#missing.values()) {
      if (image.target === undefined) continue;
      byTarget.set(image.target, [...(byTarget.get(image.target) ?? []), project]);
    }
    for (const [target, projects] of byTarget) {
      this.deps.report.targets(target, projects.sort());
      const running = runTargets(target, projects, {
        workspaceRoot: this.deps.workspace.root,
        runner: this.deps.runner,
        onLine: (line) => this.deps.report.line(target, line),
        ...(this.options.signal && { signal: this.options.signal }),
      });
      // Whoever waits for it gets the error; nobody may, when what it stands on failed.
      running.catch(() => undefined);
      this.#targets.set(target, running);
    }
  }
}

/** Whether something came to a good end. */
function succeeded(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function settingsOf({ platforms, buildCache }: BerthOptions): BuildSettings {
  return { platforms, ...(buildCache !== undefined && { cache: buildCache }) };
}

/** @throws UserError that lists every image that failed, when one did */
export function refuseFailures(results: readonly ImageResult[]): void {
  const wrong = results.filter(({ outcome }) => outcome === 'failed');
  if (wrong.length === 0) return;
  const bug = wrong.find(({ failure }) => !(failure instanceof UserError))?.failure;
  if (bug) throw bug;
  throw new UserError(
    wrong.map(({ project, failure }) => `${project}: ${failure?.message ?? 'failed'}`).join('\n'),
    [...new Set(wrong.flatMap(({ failure }) => (failure instanceof UserError && failure.hint) || []))].join(
      '\n',
    ) || undefined,
  );
}
