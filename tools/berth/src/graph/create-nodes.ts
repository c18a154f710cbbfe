import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { CreateNodes, CreateNodesContext, CreateNodesResult, ProjectConfiguration } from '@nx/devkit';
import { UserError } from '@berth/model';
import { checkMarkerFile } from './check-marker-file';
import { outsideImages } from '../image/dockerfile';
import { parseImageFile, plainImage } from '../image/image-file';
import {
  kindOf,
  kindsInOrder,
  markerGlob,
  projectNameOf,
  workspaceProjectName,
  type Kind,
} from './marker-files';
import {
  clusterTargets,
  environmentTargets,
  imageTargets,
  invalidTargets,
  workspaceTargets,
} from './targets';
import { globWithWorkspaceContext } from '../nx-internals';
import { readOptions, type BerthOptions } from '../options';

/** A folder that a marker file makes a project. */
interface Candidate {
  file: string;
  root: string;
  kind: Kind;
  name: string;
}

type Project = Omit<ProjectConfiguration, 'root'>;

/**
 * Makes projects of the folders that have a service.json, image.json, env.json or cluster.json.
 *
 * A folder that is wrong (a bad file, a name that another project has) still becomes a project, whose targets
 * say what is wrong: an error thrown here, AggregateCreateNodesError included, would end every Nx command of
 * the whole workspace, and so would two projects of one name. Wrong options of the plugin make those targets wrong
 * that go by them: all but the clusters'.
 */
export const createNodesV2: CreateNodes<Partial<BerthOptions>> = [
  markerGlob,
  async (files, _options, context) => {
    const options = optionsOf(context);
    const inputs = inputsOf(context);
    const candidates = files.flatMap((file): Candidate[] => {
      const kind = kindOf(file);
      if (!kind) return [];
      const root = posix.dirname(file);
      return [
        { file, root, kind, name: declaredName(context.workspaceRoot, root) ?? projectNameOf(kind, root) },
      ];
    });
    const owners = await namesOfOthers(context, new Set(candidates.map(({ root }) => root)));
    const sorted = [...candidates].sort(
      (a, b) => kindsInOrder.indexOf(a.kind) - kindsInOrder.indexOf(b.kind) || (a.file < b.file ? -1 : 1),
    );
    const results: (readonly [string, CreateNodesResult])[] = [];
    for (const candidate of sorted) {
      const owner = owners.get(candidate.name);
      owners.set(candidate.name, candidate.root);
      if (owner !== undefined && owner !== candidate.root) owners.set(candidate.name, owner);
      const found = examine(candidate, owner, context.workspaceRoot, options);
      const fromOutside = isImage(candidate, found) && (await standsOnOutside(candidate.root, context));
      const project = projectOf(candidate, found, inputs, fromOutside);
      results.push([candidate.file, { projects: { [candidate.root]: project } }]);
    }
    return [...results, ...workspaceProject(sorted, owners)];
  },
];

export const createNodes = createNodesV2;

/**
 * What is of the whole workspace, once it has a cluster, are targets of the project `berth`: the one of that name, or
 * else the folder deploy.
 */
function workspaceProject(
  candidates: readonly Candidate[],
  owners: ReadonlyMap<string, string>,
): (readonly [string, CreateNodesResult])[] {
  const cluster = candidates.find(({ kind }) => kind === 'cluster');
  if (!cluster) return [];
  const project: Project = { name: workspaceProjectName, targets: workspaceTargets() };
  return [[cluster.file, { projects: { [owners.get(workspaceProjectName) ?? 'deploy']: project } }]];
}

/** The plugin's options, or what is wrong with them. */
function optionsOf({ nxJsonConfiguration }: CreateNodesContext): BerthOptions | UserError {
  try {
    return readOptions(nxJsonConfiguration);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** The named input that leaves tests and documents out, where the workspace has it; Nx itself knows `default` only. */
function inputsOf({ nxJsonConfiguration }: CreateNodesContext): string {
  return nxJsonConfiguration.namedInputs?.['production'] ? 'production' : 'default';
}

/** What a candidate is: whether its folder is made an image, or what is wrong with it. */
type Examined = { isImage: boolean } | { problem: string; taken: boolean };

function examine(
  { file, root, kind, name }: Candidate,
  owner: string | undefined,
  workspaceRoot: string,
  options: BerthOptions | UserError,
): Examined {
  if (owner !== undefined && owner !== root) {
    const problem = `${root}: the name ${name} belongs to the project in ${owner} already; rename this folder`;
    return { problem, taken: true };
  }
  try {
    if (options instanceof UserError && kind !== 'cluster') throw options;
    const domain = options instanceof UserError ? '' : options.domain;
    return checkMarkerFile(workspaceRoot, file, kind, name, { domain });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problem: error.hint ? `${error.message}\n${error.hint}` : error.message, taken: false };
  }
}

/** Someone else's image is neither built nor pushed. A Dockerfile that is missing is said by the targets. */
function isImage({ kind }: Candidate, found: Examined): boolean {
  return (kind === 'image' || kind === 'service') && ('problem' in found || found.isImage);
}

function projectOf(candidate: Candidate, found: Examined, inputs: string, fromOutside: boolean): Project {
  const { root, kind, name } = candidate;
  const wrong = 'problem' in found;
  const targets = isImage(candidate, found) ? imageTargets(inputs, fromOutside) : targetsOf(kind);
  return {
    // A folder whose name is taken goes by its path until it is renamed.
    name: wrong && found.taken ? root : name,
    tags: tagsOf(kind),
    ...(kind === 'service' ? { projectType: 'application' } : {}),
    targets: wrong ? invalidTargets(targets, found.problem) : targets,
  };
}

function tagsOf(kind: Kind): string[] {
  return kind === 'service' ? [] : [`type:${kind}`];
}

function targetsOf(kind: Kind) {
  switch (kind) {
    case 'environment':
      return environmentTargets();
    case 'cluster':
      return clusterTargets();
    case 'image':
    case 'service':
      return {};
  }
}

/** Whether the folder's Dockerfile names an image from outside the workspace. */
async function standsOnOutside(root: string, { workspaceRoot }: CreateNodesContext): Promise<boolean> {
  const read = (name: string) => {
    const path = join(workspaceRoot, root, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const text = read('Dockerfile');
  if (text === undefined) return false;
  try {
    const file = `${root}/image.json`;
    const written = read('image.json');
    const image = written === undefined ? plainImage : parseImageFile(written, file);
    return (await outsideImages({ text, file, image, platforms: ['linux/amd64'] })).length > 0;
  } catch (error) {
    // Its targets say what is wrong with it.
    if (error instanceof UserError) return true;
    throw error;
  }
}

/** The name that a project.json or package.json in the folder gives, which goes before ours. */
function declaredName(workspaceRoot: string, root: string): string | undefined {
  for (const file of ['project.json', 'package.json']) {
    const path = join(workspaceRoot, root, file);
    if (!existsSync(path)) continue;
    const name = nameIn(readFileSync(path, 'utf8'));
    if (name) return name;
  }
  return undefined;
}

function nameIn(text: string): string | undefined {
  try {
    const content = JSON.parse(text) as { name?: unknown; nx?: { name?: unknown } };
    const name = content.nx?.name ?? content.name;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined; // Nx itself reports a project.json that is no JSON.
  }
}

/** Names of the projects that other files make, with their folders. */
async function namesOfOthers(
  context: CreateNodesContext,
  ours: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const files = await globWithWorkspaceContext(context.workspaceRoot, ['**/project.json', '**/package.json']);
  const owners = new Map<string, string>();
  for (const file of files) {
    const root = posix.dirname(file);
    if (ours.has(root) || root === '.') continue;
    const name = nameIn(readFileSync(join(context.workspaceRoot, file), 'utf8'));
    if (name) owners.set(name, root);
  }
  return owners;
}
