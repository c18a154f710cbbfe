import { posix } from 'node:path';
import type { ProjectGraph } from '@nx/devkit';
import type { ImageFile } from './image-file';
import { sha256, type InputFiles } from './input-files';

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
  /** Input hash of the builder's image. */
  builder?: string;
}

/** Changed when images are built in another way from the same inputs. */
const SCHEME = 1;

/** Digits of SHA-256 that make a tag: 160 bits, as many as git names commits by. */
const DIGITS = 40;

/** Files outside of every project that the compilers of targets and builders read. */
const rootFiles = ['tsconfig.base.json', 'tsconfig.json'];

/** Target executors whose compiler is a package that the executor's own package does not depend on. */
const compilers: Readonly<Record<string, readonly string[]>> = { '@nx/esbuild': ['esbuild'] };

/**
 * The input hash of an image, which is its tag: over the names, modes and contents of its project's files and of
 * the projects that it uses, the npm packages that they use (by the lock file's integrity hashes, through Nx's
 * project graph), and what `inputs` has.
 */
export async function inputHash(
  project: string,
  inputs: ImageInputs,
  graph: ProjectGraph,
  files: InputFiles,
): Promise<string> {
  const standsOn = new Set([...Object.values(inputs.image.bases), inputs.image.builder?.image]);
  const used = usedBy(project, graph, standsOn);
  const target = inputs.image.target ? resolvedTarget(project, inputs.image.target, graph) : undefined;
  const tools = target ? packagesOfExecutor(target.executor) : [];
  const compiled = target !== undefined || inputs.image.builder !== undefined;
  const [own, ...ofUsed] = await Promise.all(
    [inputs.root, ...used.projects.map((name) => graph.nodes[name]?.data.root ?? '')].map((root) =>
      files.below(root, root === inputs.root ? resultFolders(inputs.image) : []),
    ),
  );
  const atRoot = compiled ? await Promise.all(rootFiles.map((path) => files.file(path))) : [];
  const { image, bases, builder, ...rest } = inputs;
  return sha256(
    canonical({
      scheme: SCHEME,
      ...rest,
      image: { ...image, bases, builder: image.builder && { ...image.builder, image: builder } },
      target,
      own,
      used: ofUsed,
      atRoot,
      packages: packagesUsed([...used.packages, ...tools], graph),
    }),
  ).slice(0, DIGITS);
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

/** Every package that these need, by name: version and integrity hash of the lock file. */
function packagesUsed(names: readonly string[], graph: ProjectGraph): Record<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string) => {
    const data = graph.externalNodes?.[name]?.data;
    if (!data || found.has(name)) return;
    found.set(name, `${data.version} ${data.hash ?? ''}`);
    for (const { target } of graph.dependencies[name] ?? []) visit(target);
  };
  for (const name of names) visit(name);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the target does, as Nx put it together from project.json, its plugins and nx.json. */
function resolvedTarget(project: string, name: string, graph: ProjectGraph) {
  const target = graph.nodes[project]?.data.targets?.[name];
  return { executor: target?.executor ?? '', options: target?.options as unknown };
}

function packagesOfExecutor(executor: string): string[] {
  const name = executor.slice(0, executor.lastIndexOf(':'));
  return [name, ...(compilers[name] ?? [])].map((item) => `npm:${item}`);
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
