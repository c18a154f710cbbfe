import type { ProjectConfiguration } from '@nx/devkit';
import {
  mergeJson,
  parseCluster,
  parseEnvironment,
  parseService,
  resolveEnvironment,
  UserError,
  type Cluster,
  type Environment,
  type Service,
} from '@berth/model';
import { parseJsonObject } from '../graph/read-json';
import { servicesOf } from '../graph/selection';
import type { BerthOptions } from '../options';
import type { WorkspaceFiles } from './files';

export const environmentsFolder = 'deploy/environments';
export const clustersFolder = 'deploy/clusters';

type Projects = Readonly<Record<string, ProjectConfiguration>>;

export interface ReadEnvironmentOptions {
  /** Lay env.local.json over env.json: what is so on this machine only. Generated files never know of it. */
  local: boolean;
}

/** Reads an environment. @throws UserError when it has no env.json, or one that is wrong. */
export function readEnvironment(
  files: WorkspaceFiles,
  name: string,
  defaults: Pick<BerthOptions, 'domain'>,
  { local }: ReadEnvironmentOptions = { local: false },
): Environment {
  const root = `${environmentsFolder}/${name}`;
  const text = textOf(files, `${root}/env.json`, `nx g env ${name}`);
  const written = parseEnvironment(text, { name, root }, defaults);
  const localFile = `${root}/env.local.json`;
  const localText = local ? files.read(localFile) : undefined;
  if (localText === undefined) return written;
  const merged = mergeJson(JSON.parse(text), parseJsonObject(localText, localFile));
  return parseEnvironment(JSON.stringify(merged), { name, root }, defaults);
}

/** Reads a cluster. @throws UserError when it has no cluster.json, or one that is wrong. */
export function readCluster(files: WorkspaceFiles, name: string): Cluster {
  const root = `${clustersFolder}/${name}`;
  const hint = `nx g cluster ${name} --provider bare-metal --hosts localhost`;
  return parseCluster(textOf(files, `${root}/cluster.json`, hint), { name, root });
}

/**
 * The services of the environment as they run there, in the order of their needs.
 * @throws UserError when the environment selects none, or one of their files is wrong.
 */
export function readServices(files: WorkspaceFiles, environment: Environment, projects: Projects): Service[] {
  const file = (project: string) => `${projects[project]?.root}/service.json`;
  const names = servicesOf(environment.projects, projects, (name) => files.read(file(name)) !== undefined);
  return resolveEnvironment(
    environment,
    names.map((name) => parseService(files.read(file(name)) ?? '', file(name), name)),
  );
}

function textOf(files: WorkspaceFiles, file: string, hint: string): string {
  const text = files.read(file);
  if (text === undefined) throw new UserError(`${file} does not exist`, hint);
  return text;
}
