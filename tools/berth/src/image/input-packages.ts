import type { ProjectGraph, TargetConfiguration } from '@nx/devkit';

/** npm packages as they enter an input hash: which are asked for, and which each of them gets for what it needs. */
export interface InputPackages {
  asked: readonly string[];
  /** By package. Without it two versions could change places unseen. */
  needs: Readonly<Record<string, readonly string[]>>;
}

/**
 * Target executors whose result only these packages decide: themselves, what they call directly, and their compilers
 * with all that those need. What else they bring along prints, watches and generates projects.
 */
const compilers: Readonly<Record<string, readonly string[]>> = { '@nx/esbuild': ['esbuild'] };

/**
 * The packages of these nodes, and all that they need. Packages go by name, version and the lock file's integrity
 * hash, never by the name of the node, which says where npm has put them.
 * @param names nodes of the project graph
 * @param alone further nodes, which are taken without what they need
 */
export function inputPackages(
  names: Iterable<string>,
  graph: ProjectGraph,
  alone: Iterable<string> = [],
): InputPackages {
  const idOf = (name: string) => {
    const data = graph.externalNodes?.[name]?.data;
    return data && `${data.packageName}@${data.version} ${data.hash ?? ''}`;
  };
  const ids = (nodes: Iterable<string>) =>
    [...new Set([...nodes].map(idOf).filter((id) => id !== undefined))].sort();
  const needs = new Map<string, readonly string[]>();
  const visit = (name: string) => {
    const id = idOf(name);
    if (id === undefined || needs.has(id)) return;
    const targets = (graph.dependencies[name] ?? []).map(({ target }) => target);
    needs.set(id, ids(targets));
    targets.forEach(visit);
  };
  const asked = [...names];
  asked.forEach(visit);
  return {
    asked: ids([...asked, ...alone]),
    needs: Object.fromEntries([...needs].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/**
 * The nodes of the packages that decide what a target makes, by the rules that Nx's own hasher has: those that its
 * `inputs` name as externalDependencies, else its executor's, else (a command, or an executor of this workspace) all.
 */
export function packagesOfTarget(
  { executor = '', inputs = [], options }: TargetConfiguration<{ declaration?: boolean }>,
  graph: ProjectGraph,
): { deep: string[]; alone: string[] } {
  const nodes = graph.externalNodes ?? {};
  const declared = inputs.flatMap((input) =>
    typeof input === 'object' && 'externalDependencies' in input ? [input.externalDependencies] : [],
  );
  if (declared.length > 0) return { deep: declared.flat().map((name) => `npm:${name}`), alone: [] };
  const name = executor.slice(0, executor.lastIndexOf(':'));
  const node = `npm:${name}`;
  // Nx's own executors run somebody's command.
  if (name === 'nx' || !nodes[node]) return { deep: Object.keys(nodes), alone: [] };
  const known = compilers[name];
  if (known === undefined) return { deep: [node], alone: [] };
  const direct = (graph.dependencies[node] ?? []).map(({ target }) => target);
  // Only declarations are written by TypeScript; esbuild takes its types off by itself.
  const deep = [...known, ...(options?.declaration ? ['typescript'] : [])].map((item) => `npm:${item}`);
  return { deep, alone: [node, ...direct.filter((target) => !deep.includes(target))] };
}
