import { isDeepStrictEqual } from 'node:util';
import { readNxJson, type ProjectConfiguration, type Tree } from '@nx/devkit';
import { UserError, type OrchestratorName } from '@berth/model';
import { readOptions, type BerthOptions } from '../../options';
import { filesOfTree } from '../../workspace/files';
import { hostsOfWorkspace } from '../../workspace/hosts';
import { environmentsFolder, leftOutLines, readEnvironment } from '../../workspace/models';
import { projectsOfTree } from '../../workspace/projects';
import { writePrometheusFiles } from '../prometheus/write-prometheus-files';
import { schemaReference } from '../schema-reference';
import { refuseBadEnvironmentName, refuseTakenName } from '../taken-name';
import { withHints } from '../user-errors';
import { clusterFor } from './cluster-for';
import { withItsPlace } from './with-its-place';
import { writeManifests } from './write-manifests';

export interface EnvironmentSchema {
  /** A number when it looks like one: Nx parses what is typed. */
  name: string | number;
  projects?: string[];
  cluster?: string;
  domain?: string;
  protected?: boolean;
  ttl?: string;
  orchestrator?: OrchestratorName;
  /** Another environment of this workspace, whose env.json the new one starts from. */
  base?: string | number;
}

/** Creates env.json when there is none, and writes what is made of it. */
export default function environmentGenerator(tree: Tree, options: EnvironmentSchema): Promise<void> {
  return withHints(() => {
    const name = String(options.name);
    refuseBadEnvironmentName(name);
    const root = `${environmentsFolder}/${name}`;
    refuseTakenName(tree, name, root);
    const projects = projectsOfTree(tree);
    const file = `${root}/env.json`;
    const isNew = !tree.exists(file);
    if (isNew) tree.write(file, `${JSON.stringify(newEnvironment(tree, root, options), null, 2)}\n`);
    else refuseChanges(file, tree.read(file, 'utf8') ?? '', options);
    const workspace = readOptions(readNxJson(tree));
    const hosts = hostsOfWorkspace(filesOfTree(tree), projects, workspace);
    const text = tree.read(file, 'utf8') ?? '';
    withItsPlace(isNew ? { file, text, command: `nx g env ${name}` } : undefined, () => {
      writeManifests(tree, name, projects, workspace, hosts);
    });
    const files = filesOfTree(tree);
    for (const line of leftOutLines(files, readEnvironment(files, name, workspace), projects))
      console.log(line);
    if (workspace.prometheus) followInPrometheus(tree, projects, workspace);
  });
}

/** These files are made of all environments. One of the others that is wrong says so at its own commands. */
function followInPrometheus(
  tree: Tree,
  projects: Readonly<Record<string, ProjectConfiguration>>,
  workspace: BerthOptions,
): void {
  try {
    writePrometheusFiles(tree, projects, workspace);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

function newEnvironment(tree: Tree, root: string, options: EnvironmentSchema) {
  const files = filesOfTree(tree);
  const workspace = readOptions(readNxJson(tree));
  const model =
    options.base === undefined ? undefined : readEnvironment(files, String(options.base), workspace);
  const orchestrator = options.orchestrator ?? model?.orchestrator ?? 'kubernetes';
  return {
    $schema: schemaReference(tree, root, 'environment'),
    orchestrator,
    cluster: clusterFor(files, { orchestrator, chosen: options.cluster, base: model?.cluster }),
    domain: options.domain ?? model?.domain ?? workspace.domain,
    projects: options.projects ?? model?.projects ?? ['*', '!tag:scope:admin'],
    services: model?.services ?? {},
    protected: options.protected ?? false,
    ttl: options.ttl ?? null,
  };
}

/**
 * What exists is the person's own: it is edited in the file, not by options that would be ignored or overwrite it. The
 * same words again are no change, so that a command that was interrupted can be run again.
 */
function refuseChanges(
  file: string,
  text: string,
  { name: _name, base: _base, ...options }: EnvironmentSchema,
): void {
  const written = parsed(text);
  if (written === undefined) return;
  const changes = Object.entries(options).filter(
    ([option, value]) => value !== undefined && !isDeepStrictEqual(value, written[option]),
  );
  if (changes.length === 0) return;
  const names = changes.map(([option]) => `--${option}`).join(', ');
  throw new UserError(
    `${file} exists: ${names} would change it.`,
    `Edit ${file}, then run the command without ${names}.`,
  );
}

/** Undefined when it is no JSON object: reading the environment says where, and what was expected. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
