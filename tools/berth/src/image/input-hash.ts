import { posix } from 'node:path';
import type { ProjectGraph, TargetConfiguration } from '@nx/devkit';
import type { Digests } from './dockerfile';
import type { ImageFile } from './image-file';
import { sha256, type InputFiles } from './input-files';
import { inputPackages, packagesOfTarget } from './input-packages';

/** Everything that decides what is in an image. No absolute path, user, date or commit is among it. */
export interface ImageInputs {
  /** The plugin's version: another may build in another way. */
  plugin: string;
  engine: string;
  /** `os/arch`. */
  platforms: readonly string[];
  root: string;
  image: ImageFile;
  /** By ARG, the input hash of the base. */
  bases: Readonly<Record<string, string>>;
  /** The images from outside the workspace that it stands on. */
  outside: Digests;
  /** Input hash of the builder's image. */
  builder?: string;
}

/** Changed when images are built in another way from the same inputs. */
const SCHEME = 2;

/** Digits of SHA-256 that make a tag: 160 bits, as many as git names commits by. */
const DIGITS = 40;

/** Whether a text is what `inputHash` gives; Nx's own hashes are not. */
export function isInputHash(text: string): boolean {
  return text.length === DIGITS && /^[0-9a-f]*$/.test(text);
}

/** Files outside of every project that the compilers of targets and builders read. */
const rootFiles = ['tsconfig.base.json', 'tsconfig.json'];

/**
 * The input hash of an image, which is its tag: over the names, modes and contents of its project's files and what
 * `inputs` has. When something is made of these files before the build, also over the files of the projects that it
 * uses, the npm packages that they use, and how it is made.
 * @param graph without the edges that only tests have
 */
export async function inputHash(
  project: string,
  inputs: ImageInputs,
  graph: ProjectGraph,
  files: InputFiles,
): Promise<string> {
  const { image, bases, builder, ...rest } = inputs;
  // What is tested does not go into the image.
  const { test: _, ...made } = image;
  const own = await files.below(inputs.root, resultFolders(image));
  return sha256(
    canonical({
      scheme: SCHEME,
      ...rest,
      image: { ...made, bases, builder: image.builder && { ...image.builder, image: builder } },
      own,
      ...(isMade(image) && (await madeOf(project, image, graph, files))),
    }),
  ).slice(0, DIGITS);
}

/** Whether anything but the project's own files gets into the build context. */
function isMade({ target, builder, prepare }: ImageFile): boolean {
  return target !== undefined || builder !== undefined || prepare !== undefined;
}

/** What target, builder and `prepare` read beside the project's own files. */
async function madeOf(project: string, image: ImageFile, graph: ProjectGraph, files: InputFiles) {
  const standsOn = new Set([...Object.values(image.bases), image.builder?.image]);
  const used = usedBy(project, graph, standsOn);
  const targets = image.target === undefined ? [] : targetsOf(project, image.target, used.projects, graph);
  const tools = targets.map((target) => packagesOfTarget(target, graph));
  return {
    used: await Promise.all(used.projects.map((name) => files.below(rootOf(name, graph)))),
    atRoot: rootFiles.map((path) => files.file(path)),
    targets: targets.map(({ executor, options }) => ({ executor, options: options as unknown })),
    packages: inputPackages(
      [...used.packages, ...tools.flatMap(({ deep }) => deep)],
      graph,
      tools.flatMap(({ alone }) => alone),
    ),
  };
}

/** The workspace's projects and npm packages that a project uses, directly or not, without its bases; sorted. */
function usedBy(project: string, graph: ProjectGraph, except: ReadonlySet<string | undefined>) {
  const projects = new Set<string>();
  const packages = new Set<string>();
  const visit = (name: string) => {
    for (const { target } of graph.dependencies[name] ?? []) {
      if (target === project || except.has(target)) continue;
      if (!graph.nodes[target]) packages.add(target);
      else if (!projects.has(target)) {
        projects.add(target);
        visit(target);
      }
    }
  };
  visit(project);
  return { projects: [...projects].sort(), packages: [...packages].sort() };
}

/**
 * A target and those that run before it, as Nx put them together from project.json, its plugins and nx.json, with
 * their default configurations.
 */
function targetsOf(
  project: string,
  name: string,
  used: readonly string[],
  graph: ProjectGraph,
): TargetConfiguration[] {
  const found = new Map<string, TargetConfiguration>();
  const visit = (owner: string, target: string) => {
    const id = `${owner}:${target}`;
    const written = graph.nodes[owner]?.data.targets?.[target];
    if (written === undefined || found.has(id)) return;
    const { defaultConfiguration, configurations = {} } = written;
    const chosen = defaultConfiguration === undefined ? {} : (configurations[defaultConfiguration] as object);
    found.set(id, { ...written, options: { ...(written.options as object), ...chosen } });
    for (const dependency of written.dependsOn ?? []) {
      const {
        target: before,
        dependencies,
        projects,
      } = typeof dependency === 'string'
        ? { target: dependency.replace(/^\^/, ''), dependencies: dependency.startsWith('^') }
        : dependency;
      for (const each of dependencies || projects ? used : [owner]) visit(each, before);
    }
  };
  visit(project, name);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

/** JSON with sorted fields, so that the order in which somebody wrote them takes no part. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** The folders that the image's target and builder fill, relative to the project: results, never inputs. */
export function resultFolders({ target, builder }: ImageFile): string[] {
  return [...(target === undefined ? [] : ['dist']), ...(builder ? [builder.output] : [])];
}

/** The folder of image.json and Dockerfile, relative to the workspace. */
export function rootOf(project: string, graph: ProjectGraph): string {
  return posix.normalize(graph.nodes[project]?.data.root ?? '');
}
