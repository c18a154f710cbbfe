import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '@berth/exec';
import { graphFile, readProjectGraph, type ProjectGraph } from './project-graph';

/** What decides whether a spec has to run again. */
export interface SpecInputs {
  key: string;
  /** What it may read of the workspace, with a slash at the end; '' is all of it. */
  folders: readonly string[];
}

const everything = [''];

/**
 * Specs, and folders of them, of the repository as a whole, or that start programs in its root, as those do that take an
 * image of it: nothing says which files they read.
 */
const ofEverything = [
  'apps/blotter/src/postgres-store.real.spec.ts',
  'apps/e2e/src/',
  'apps/gateway/src/conformance.real.spec.ts',
  'apps/gateway/src/nginx.real.spec.ts',
  'apps/gateway/src/swarm/',
  'libs/exec/src/guard/guard.spec.ts',
  'libs/orchestrators/src/swarm/contract.real.spec.ts',
  'libs/orchestrators/src/swarm/swarm.real.spec.ts',
  'libs/registry/src/certificates.real.spec.ts',
  'tools/berth/src/executors/routes/swarm.real.spec.ts',
  'tools/berth/src/executors/swarm.real.spec.ts',
  'tools/berth/src/generators/ci/pipelines.real.spec.ts',
  'tools/berth/src/generators/cluster/generator.spec.ts',
  'tools/workbench/src/boundaries.spec.ts',
  'tools/workbench/src/packages.spec.ts',
  'tools/workbench/src/shell-strings.spec.ts',
  'tools/workbench/src/spec-inputs.spec.ts',
  'tools/workbench/src/spec-reads.spec.ts',
];

/** It says which Debian packages are here, and so which programs the tests start. */
const installed = '/var/lib/dpkg/status';

/** Those that need neither a network nor a cluster. */
export const isHermetic = (path: string) => /(?<!\.real)\.spec\.ts$/.test(path);

/**
 * Specs of a workspace that may rest, by their paths. The key of one is over its path, the files of its project and of
 * all that this depends on, those in the folders above them but for documentation, Node, and kernel and programs of
 * this machine. The files are those that Git lists, committed or not. Where nothing says what a spec reads, it is over
 * all.
 * @param isSpec of the path of a file, whether it is one of them
 */
export async function specInputs(
  root: string,
  runner: Runner,
  isSpec = isHermetic,
): Promise<ReadonlyMap<string, SpecInputs>> {
  const { stdout } = await runner.run(['git', 'ls-files', '-coz', '--exclude-standard'], { cwd: root });
  const files = new Map<string, string>();
  for (const path of stdout.split('\0').sort()) {
    const state = path === '' ? undefined : stateOf(join(root, path));
    if (state !== undefined) files.set(path, state);
  }
  const machine = existsSync(installed) ? sha256(readFileSync(installed)) : '';
  const settings = [process.version, process.platform, process.arch, release(), machine];
  const graph = existsSync(join(root, graphFile)) ? readProjectGraph(root) : undefined;
  const digests = new Map<string, string>();
  const digestOf = (folders: readonly string[]) => {
    const name = folders.join(' ');
    const digest =
      digests.get(name) ?? sha256(JSON.stringify([...files].filter(([path]) => isIn(path, folders))));
    digests.set(name, digest);
    return digest;
  };
  const specs = [...files.keys()].filter(isSpec);
  return new Map(
    specs.map((spec) => {
      const isOfEverything = ofEverything.some((path) => spec.startsWith(path));
      const folders = (!isOfEverything && foldersOf(spec, graph)) || everything;
      return [spec, { folders, key: sha256(JSON.stringify([settings, spec, digestOf(folders)])) }];
    }),
  );
}

/**
 * Whether a file of the workspace is one that a spec of these folders may read. In the folders above them, tools look
 * for their settings: package.json, .swcrc, the root's package-lock.json.
 */
export function isIn(path: string, folders: readonly string[]): boolean {
  const above = path.endsWith('.md') ? undefined : path.slice(0, path.lastIndexOf('/') + 1);
  return folders.some(
    (folder) => path.startsWith(folder) || (above !== undefined && folder.startsWith(above)),
  );
}

/** Those of its project and of all that this depends on, or undefined when it is in no project. */
function foldersOf(spec: string, graph: ProjectGraph | undefined): string[] | undefined {
  const roots = Object.entries(graph?.nodes ?? {})
    .map(([name, { data }]) => ({ name, folder: `${data.root}/` }))
    .filter(({ folder }) => spec.startsWith(folder))
    .sort((one, other) => other.folder.length - one.folder.length);
  if (!graph || !roots[0]) return undefined;
  const names = new Set([roots[0].name]);
  for (const name of names)
    for (const { target } of graph.dependencies[name] ?? []) if (graph.nodes[target]) names.add(target);
  return [...names].map((name) => `${graph.nodes[name]?.data.root}/`).sort();
}

/** Of a file or a link, all that Git would keep; nothing of what is neither. */
function stateOf(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  if (!stat?.isFile()) return undefined;
  return `${(stat.mode & 0o100) === 0 ? 'file' : 'program'} ${sha256(readFileSync(path))}`;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
