import type { BuildSettings, Engine, Pushed } from '@berth/engines';
import { fileError, ProgramError, type Runner } from '@berth/exec';
import { Slots, type Service } from '@berth/model';
import { withDigest, type ImageReader, type Registry } from '@berth/registry';
import type { BerthOptions } from '../options';
import { nothingAsked, unanswered, type AskedByTag } from './ask-by-tag';
import { buildImage } from './build-image';
import type { Until } from './image-record';
import type { ImageResult, Outcome } from './image-result';
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
import { testImage } from './test-image';

export interface MakeOptions {
  until: Until;
  /** Images that are built at a time. */
  parallel: number;
  /** What the registry has said already. */
  asked?: AskedByTag;
  /** Whether the first failure ends all: what is being made is stopped, and nothing more is begun. */
  bail?: boolean;
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
 * stops the others, unless `bail` asks for that.
 * @returns the results of `projects`, and of the images under them that had to be built or failed; someone else's
 *   images are not in it
 */
export async function makeImages(
  projects: readonly string[],
  options: MakeOptions,
  deps: MakeDependencies,
): Promise<ImageResult[]> {
  return new Making(options, deps).all(projects);
}

class Making {
  readonly #inputs: InputFiles;
  #planned: ReadonlyMap<string, Planned> = new Map();
  readonly #asked: AskedByTag;
  readonly #made = new Map<string, Promise<ImageResult>>();
  readonly #missing = new Map<string, ImagePlan>();
  readonly #digests = new Map<string, string>();
  readonly #failures = new Map<string, Error>();
  /** What the engine cannot make. */
  readonly #refused = new Map<string, Error>();
  readonly #targets = new Map<string, Promise<Map<string, Error | undefined>>>();
  readonly #slots: Slots;
  readonly #clock: () => number;
  /** Ends what is being made after the first failure. */
  readonly #bail = new AbortController();
  readonly #signal: AbortSignal;
  #checked: Promise<void> | undefined;

  constructor(
    private readonly options: MakeOptions,
    private readonly deps: MakeDependencies,
  ) {
    this.#inputs = new InputFiles(deps.workspace.root, deps.runner);
    this.#asked = options.asked ?? nothingAsked;
    this.#slots = new Slots(options.parallel);
    this.#clock = deps.clock ?? (() => performance.now());
    this.#signal = AbortSignal.any([this.#bail.signal, ...(options.signal ? [options.signal] : [])]);
  }

  async all(projects: readonly string[]): Promise<ImageResult[]> {
    const { answers, lacking } = this.#asked;
    // Something will be built most likely: the engine is asked while that is planned, and the builds are told what it says.
    if (lacking.size > 0) this.#ready().catch(() => undefined);
    const rest = projects.filter((project) => !answers.has(project));
    if (rest.length > 0) this.#planned = await planImages(rest, this.deps.workspace, this.#inputs);
    const plans = [...this.#planned.values()].filter((plan): plan is ImagePlan => !failed(plan));
    const started = this.#clock();
    await Promise.all(plans.map((plan) => this.#ask(plan)));
    const milliseconds = this.#clock() - started;
    const wanted = [...new Set(projects)].filter(
      (project) => this.#planned.has(project) || answers.has(project),
    );
    this.#findMissing(wanted);
    this.deps.report.asked({
      registry: this.deps.workspace.options.registry,
      images: new Set([...plans.map(({ project }) => project), ...answers.keys()]).size,
      missing: [...this.#missing.keys()].sort(),
      unanswered: [...this.#failures.keys(), ...unanswered(this.#asked)].sort(),
      milliseconds: this.#asked.milliseconds + milliseconds,
    });
    // An engine that cannot build them is found before any Nx target is run in vain; each image says so by itself.
    const ready = this.#missing.size === 0 || (await succeeded(this.#ready()));
    if (ready) this.#startTargets();
    const names = [...new Set([...wanted, ...this.#missing.keys()])].sort();
    return Promise.all(names.map((project) => this.#make(project)));
  }

  async #ask(plan: ImagePlan): Promise<void> {
    if (this.#asked.lacking.has(plan.reference)) return;
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
      const plan = this.#planned.get(project);
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
      if (result.outcome === 'failed') this.#endOthers();
      this.deps.report.finished(result);
      return result;
    });
    this.#made.set(project, made);
    return made;
  }

  async #makeOne(project: string): Promise<ImageResult> {
    const started = this.#clock();
    const plan = this.#planned.get(project);
    if (plan === undefined) {
      const answer = this.#asked.answers.get(project);
      if (answer === undefined) throw new Error(`${project} was neither planned nor asked for`);
      return answer;
    }
    const ended = (outcome: Outcome) => ({
      project,
      ...(!failed(plan) && { reference: plan.reference, tag: plan.tag }),
      outcome,
      milliseconds: Math.round(this.#clock() - started),
    });
    const fail = (thrown: unknown): ImageResult => {
      const error = fileError(thrown);
      return { ...ended('failed'), failure: error instanceof Error ? error : new Error(String(error)) };
    };
    if (failed(plan)) return fail(plan.failure);
    const { reference, tag } = plan;
    const digest = this.#digests.get(project);
    if (digest !== undefined) return { project, reference, tag, digest, outcome: 'reused', milliseconds: 0 };
    const refused = this.#failures.get(project) ?? this.#refused.get(project);
    if (refused) return fail(refused);
    let isBegun = false;
    try {
      const references = await this.#under(plan);
      await this.#afterTarget(plan);
      const pushed = await this.#slots.run(() => {
        this.#signal.throwIfAborted();
        isBegun = true;
        return this.#build(plan, references).catch((error: unknown) => {
          // Before its place goes to the next one.
          this.#endOthers();
          throw error;
        });
      });
      return { ...ended('built'), ...pushed };
    } catch (error) {
      if (!this.#bail.signal.aborted) return fail(error);
      if (!isBegun) return ended('untried');
      return isAbort(error) ? ended('stopped') : fail(error);
    }
  }

  #endOthers(): void {
    if (this.options.bail) this.#bail.abort();
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
    const { until } = this.options;
    const signal = this.#signal;
    const { project } = plan;
    await this.#ready();
    const onLine = (line: string) => report.line(project, line);
    report.step(project, 'build');
    await buildImage(plan, references, {
      workspaceRoot: workspace.root,
      inputs: this.#inputs,
      engine,
      ...settingsOf(workspace.options),
      runner,
      onLine,
      signal,
    });
    const unchanged = refuseChanged(plan, this.#inputs, workspace, runner);
    // A service's own tests may write beside its files.
    if (until === 'build' || plan.image.test.client) await unchanged;
    if (until === 'build') return undefined;
    report.step(project, 'test');
    const tested = testImage(plan, {
      engine,
      services: this.deps.services,
      devPackages: this.deps.devPackages,
      runner,
      workspaceRoot: workspace.root,
      signal,
    });
    // Both to their end: a test has a container to remove. That it tested something else is said first.
    for (const done of await Promise.allSettled([unchanged, tested]))
      if (done.status === 'rejected') throw done.reason;
    if (until === 'test') return undefined;
    report.step(project, 'push');
    return engine.push(plan.reference, { registry, onLine, signal });
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
        signal: this.#signal,
      });
      // Whoever waits for it gets the error; nobody may, when what it stands on failed.
      running.catch(() => undefined);
      this.#targets.set(target, running);
    }
  }
}

/** Whether work has ended because it was told to, and not by a failure of its own. */
function isAbort(error: unknown): boolean {
  return error instanceof ProgramError
    ? error.failure.kind === 'aborted'
    : (error as Error).name === 'AbortError';
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
