import type { ProjectGraph } from '@nx/devkit';
import { nearestName, parseService, UserError, type Service } from '@berth/model';
import { version } from '../../package.json';
import type { BerthOptions } from '../options';
import type { WorkspaceFiles } from '../workspace/files';
import { pinned, readBaseImages } from './base-images';
import type { Digests, DockerfileInput } from './dockerfile';
import { parseImageFile, plainImage, type ImageFile } from './image-file';
import { referenceOf } from './image-reference';
import type { InputFiles } from './input-files';
import { inputHash, rootOf } from './input-hash';

/** Where images are planned: a workspace as it is now. */
export interface ImageWorkspace {
  /** Absolute path. */
  root: string;
  graph: ProjectGraph;
  options: BerthOptions;
  files: WorkspaceFiles;
}

/** An image of the workspace as it has to be. */
export interface ImagePlan {
  project: string;
  /** The project's folder, relative to the workspace. */
  root: string;
  /** The input hash. */
  tag: string;
  /** With the tag. */
  reference: string;
  image: ImageFile;
  /** The images from outside the workspace that its Dockerfile stands on. */
  outside: Digests;
  platforms: readonly string[];
  /** When the project is a service. */
  service?: Service;
}

export type Planned = ImagePlan | { project: string; failure: Error };

/**
 * Plans the images of these projects and of all that they stand on. A project that is wrong fails alone, with
 * those that stand on it.
 * @returns by project; what has someone else's image is not in it
 */
export async function planImages(
  projects: readonly string[],
  workspace: ImageWorkspace,
  inputs: InputFiles,
): Promise<Map<string, Planned>> {
  const planner = new Planner(workspace, inputs);
  await Promise.all(projects.map((project) => planner.plan(project)));
  return planner.settled();
}

export function failed(planned: Planned | undefined): planned is Extract<Planned, { failure: Error }> {
  return planned !== undefined && 'failure' in planned;
}

/** The projects whose images this one stands on or is made in. */
export function standsOn({ image }: Pick<ImagePlan, 'image'>): string[] {
  return [...new Set([...Object.values(image.bases), ...(image.builder ? [image.builder.image] : [])])];
}

/** The Dockerfile of an image, as its FROM lines are to be understood. */
export function dockerfileOf(
  { root, image, platforms }: Pick<ImagePlan, 'root' | 'image' | 'platforms'>,
  text: string,
): DockerfileInput {
  return { text, file: `${root}/Dockerfile`, image, platforms };
}

class Planner {
  readonly #plans = new Map<string, Promise<Planned | undefined>>();
  #lock: Digests | undefined;

  constructor(
    private readonly workspace: ImageWorkspace,
    private readonly files: InputFiles,
  ) {}

  plan(project: string): Promise<Planned | undefined> {
    const known = this.#plans.get(project);
    if (known) return known;
    const plan = this.#make(project).catch((error: unknown): Planned => {
      return { project, failure: error instanceof Error ? error : new Error(String(error)) };
    });
    this.#plans.set(project, plan);
    return plan;
  }

  async settled(): Promise<Map<string, Planned>> {
    const plans = new Map<string, Planned>();
    // Bases are added while the first ones are awaited, and a Map goes through these too.
    for (const [project, plan] of this.#plans) {
      const planned = await plan;
      if (planned) plans.set(project, planned);
    }
    return plans;
  }

  async #make(project: string): Promise<Planned | undefined> {
    const { graph, files, options } = this.workspace;
    if (!graph.nodes[project]) throw new UserError(`There is no project ${project}.`, 'nx show projects');
    const root = rootOf(project, graph);
    const service = this.#service(project, root);
    if (service?.image !== undefined) return undefined;
    const dockerfile = files.read(`${root}/Dockerfile`);
    if (dockerfile === undefined) {
      throw new UserError(
        `${root} has no Dockerfile, so ${project} has no image.`,
        service
          ? `Write ${root}/Dockerfile, or name someone else's image in ${root}/service.json.`
          : `Write ${root}/Dockerfile.`,
      );
    }
    const text = files.read(`${root}/image.json`);
    const image = text === undefined ? plainImage : parseImageFile(text, `${root}/image.json`);
    this.#check(project, root, image);
    if (image.test.client && !service) {
      throw new UserError(
        `${root}/image.json at test.client: ${project} is no service, so it has no address.`,
        `What is in the image can be tested by test.command; ${root}/service.json makes it a service.`,
      );
    }
    this.#refuseCycle(project);
    const platforms = platformsOf(options);
    const outside = await pinned(
      dockerfileOf({ root, image, platforms }, dockerfile),
      () => (this.#lock ??= readBaseImages(files)),
    );
    const hashes = new Map<string, string>();
    for (const name of standsOn({ image })) {
      const base = await this.plan(name);
      if (base === undefined) throw new UserError(`${root}/image.json: ${name} has someone else's image.`);
      if (failed(base)) throw new StandsOnWrongError(name, base.failure);
      hashes.set(name, base.tag);
    }
    const tag = await inputHash(
      project,
      {
        plugin: version,
        engine: options.engine,
        platforms,
        root,
        image,
        outside,
        bases: Object.fromEntries(
          Object.entries(image.bases).map(([name, base]) => [name, hashes.get(base) ?? '']),
        ),
        ...(image.builder && { builder: hashes.get(image.builder.image) ?? '' }),
      },
      graph,
      this.files,
    );
    const reference = referenceOf(project, tag, options);
    return { project, root, tag, reference, image, outside, platforms, ...(service && { service }) };
  }

  #service(project: string, root: string): Service | undefined {
    const file = `${root}/service.json`;
    const text = this.workspace.files.read(file);
    return text === undefined ? undefined : parseService(text, file, project);
  }

  #check(project: string, root: string, image: ImageFile): void {
    const { graph } = this.workspace;
    for (const name of standsOn({ image })) {
      if (graph.nodes[name]) continue;
      const images = this.#images();
      const nearest = nearestName(name, images);
      throw new UserError(
        `${root}/image.json: there is no project ${name}${nearest ? `; did you mean "${nearest}"?` : ''}`,
        `The images of this workspace: ${images.sort().join(', ') || 'none'}`,
      );
    }
    const targets = graph.nodes[project]?.data.targets ?? {};
    if (image.target !== undefined && !targets[image.target]) {
      throw new UserError(
        `${root}/image.json at target: ${project} has no target ${image.target}.`,
        `Its targets: ${Object.keys(targets).join(', ') || 'none'}`,
      );
    }
  }

  #images(): string[] {
    const { graph, files } = this.workspace;
    return Object.keys(graph.nodes).filter(
      (name) => files.read(`${rootOf(name, graph)}/image.json`) !== undefined,
    );
  }

  /** Each project of a cycle finds it by itself: waiting for each other's plans they would wait for ever. */
  #refuseCycle(project: string): void {
    const seen = new Set<string>();
    const search = (name: string, path: readonly string[]): void => {
      for (const base of this.#standsOn(name)) {
        if (base === project) {
          throw new UserError(
            `${[...path, base].join(' → ')}: an image cannot stand on itself.`,
            `Change "bases" or "builder" in ${rootOf(project, this.workspace.graph)}/image.json.`,
          );
        }
        if (seen.has(base)) continue;
        seen.add(base);
        search(base, [...path, base]);
      }
    };
    search(project, [project]);
  }

  #standsOn(project: string): string[] {
    const file = `${rootOf(project, this.workspace.graph)}/image.json`;
    const text = this.workspace.files.read(file);
    if (text === undefined) return [];
    try {
      return standsOn({ image: parseImageFile(text, file) });
    } catch {
      return []; // Its own plan says what is wrong with it.
    }
  }
}

/** When nx.json names none, this machine's: an image built on another kind of machine is another image. */
export function platformsOf({ platforms }: Pick<BerthOptions, 'platforms'>): readonly string[] {
  return platforms.length > 0 ? platforms : [ownPlatform()];
}

/** `os/arch` of the images that this machine runs. */
export function ownPlatform(): string {
  const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm: 'arm/v7' };
  return `linux/${architectures[process.arch] ?? process.arch}`;
}

/** It says which image is the broken one, once, however many stand between. */
export class StandsOnWrongError extends UserError {
  override readonly name = 'StandsOnWrongError';
  readonly base: string;
  constructor(base: string, cause: Error) {
    const broken = cause instanceof StandsOnWrongError ? cause.base : base;
    super(`It stands on ${broken}, which failed.`, undefined, { cause });
    this.base = broken;
  }
}
