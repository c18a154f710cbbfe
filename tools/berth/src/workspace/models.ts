import type { ProjectConfiguration } from '@nx/devkit';
import {
  parseCluster,
  parseEnvironment,
  parseService,
  UserError,
  type Cluster,
  type Environment,
  type Service,
} from '@berth/model';
import { servicesOf } from '../graph/selection';
import type { WorkspaceFiles } from './files';

export const environmentsFolder = 'deploy/environments';
export const clustersFolder = 'deploy/clusters';

type Projects = Readonly<Record<string, ProjectConfiguration>>;

/** Reads an environment's env.json. @throws UserError when there is none, or it is wrong. */
export function readEnvironment(files: WorkspaceFiles, name: string): Environment {
  const root = `${environmentsFolder}/${name}`;
  return parseEnvironment(textOf(files, `${root}/env.json`, `nx g env ${name}`), { name, root });
}

/** Reads a cluster's cluster.json. @throws UserError when there is none, or it is wrong. */
export function readCluster(files: WorkspaceFiles, name: string): Cluster {
  const root = `${clustersFolder}/${name}`;
  const hint = `nx g cluster ${name} --provider bare-metal --hosts localhost`;
  return parseCluster(textOf(files, `${root}/cluster.json`, hint), { name, root });
}

/**
 * The services that the environment selects, as their files say, without the environment's own changes to them.
 * @throws UserError when it selects none, or one of their files is wrong.
 */
export function readServices(files: WorkspaceFiles, environment: Environment, projects: Projects): Service[] {
  const isService = (project: string) => files.read(`${projects[project]?.root}/service.json`) !== undefined;
  const names = servicesOf(environment.projects, projects, isService);
  if (names.length === 0) {
    const services = Object.keys(projects).filter(isService).sort();
    throw new UserError(
      `${environment.root}/env.json at projects: ${JSON.stringify(environment.projects)} selects no service`,
      services.length > 0
        ? `The services of this workspace: ${services.join(', ')}`
        : 'This workspace has no service yet: nx g service <name>',
    );
  }
  return names.map((name) => {
    const root = projects[name]?.root ?? '';
    return parseService(files.read(`${root}/service.json`) ?? '', { name, root });
  });
}

function textOf(files: WorkspaceFiles, file: string, hint: string): string {
  const text = files.read(file);
  if (text === undefined) throw new UserError(`${file} does not exist`, hint);
  return text;
}
