import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ProjectConfiguration } from '@nx/devkit';
import {
  leftOut,
  mergeJson,
  ModelError,
  nearestName,
  ORCHESTRATOR_TITLES,
  orchestratorsOf,
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
import { readExtras } from './own-objects';

export const environmentsFolder = 'deploy/environments';
export const clustersFolder = 'deploy/clusters';

type Projects = Readonly<Record<string, ProjectConfiguration>>;

export interface ReadEnvironmentOptions {
  /** Lay env.local.json over env.json, cluster.local.json over cluster.json: what is so on this machine only. Generated files never know of it. */
  local: boolean;
}

/** The folders below deploy/environments that have an env.json, sorted. */
export function environmentNames(files: WorkspaceFiles): string[] {
  return files
    .list(environmentsFolder)
    .flatMap((path) => /^([^/]+)\/env\.json$/.exec(path)?.[1] ?? [])
    .sort();
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
  try {
    return parseEnvironment(JSON.stringify(merged), { name, root }, defaults);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    // env.json is well by itself.
    throw new ModelError(error.problems.map((problem) => ({ ...problem, file: localFile })));
  }
}

/** The folders below deploy/clusters that have a cluster.json, sorted. */
export function clusterNames(files: WorkspaceFiles): string[] {
  return files.list(clustersFolder).flatMap((path) => /^([^/]+)\/cluster\.json$/.exec(path)?.[1] ?? []);
}

/**
 * The cluster that an environment names.
 * @throws UserError when there is none of that name, one that is wrong, or one without Kubernetes for an environment on it
 */
export function readClusterOf(
  files: WorkspaceFiles,
  { cluster, root, orchestrator }: Environment,
  options?: ReadEnvironmentOptions,
): Cluster {
  const names = clusterNames(files);
  if (names.includes(cluster)) {
    const found = readCluster(files, cluster, options);
    if (orchestrator !== 'kubernetes' || !found.withoutKubernetes) return found;
    throw new ModelError([{ file: `${root}/env.json`, path: 'orchestrator', ...noKubernetes(found) }]);
  }
  const message = `there is no cluster "${cluster}": ${clustersFolder}/${cluster}/cluster.json does not exist`;
  const nearest = nearestName(cluster, names);
  const hint = nearest ? `did you mean "${nearest}"?` : createCluster(cluster);
  throw new ModelError([{ file: `${root}/env.json`, path: 'cluster', message, hint }]);
}

/** Why no environment on Kubernetes can be on the cluster. */
export function noKubernetes(cluster: Cluster): { message: string; hint: string } {
  const names = orchestratorsOf(cluster);
  return {
    message: `the cluster ${cluster.name} has no Kubernetes: its cluster.json names ${names.map((name) => ORCHESTRATOR_TITLES[name]).join(' and ')}, and no kubeconfig or context`,
    hint: `write ${names.map((name) => `"${name}"`).join(' or ')}, or name another cluster`,
  };
}

/**
 * Reads a cluster. @throws UserError when it has no cluster.json, or one that is wrong.
 * @param options.local lays cluster.local.json over it, which `npm start -- --context` writes: another cluster, on this
 * machine only; and `~` of its kubeconfig is the home of this user
 */
export function readCluster(
  files: WorkspaceFiles,
  name: string,
  { local }: ReadEnvironmentOptions = { local: false },
): Cluster {
  const root = `${clustersFolder}/${name}`;
  const text = textOf(files, `${root}/cluster.json`, createCluster(name));
  const written = parseCluster(text, { name, root });
  if (!local) return written;
  const localFile = `${root}/cluster.local.json`;
  const localText = files.read(localFile);
  if (localText === undefined) return withHome(written);
  const merged = mergeJson(JSON.parse(text), parseJsonObject(localText, localFile));
  try {
    return withHome(parseCluster(JSON.stringify(merged), { name, root }));
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(error.problems.map((problem) => ({ ...problem, file: localFile })));
  }
}

/**
 * The cluster by which an environment's ports are opened; undefined when there is none of that name, which its deploy says.
 * @throws UserError when its cluster.json is wrong
 */
export function exposingCluster(
  files: WorkspaceFiles,
  { cluster }: Environment,
  options?: ReadEnvironmentOptions,
): Cluster | undefined {
  return clusterNames(files).includes(cluster) ? readCluster(files, cluster, options) : undefined;
}

/** A kubeconfig below the home of whoever runs the command may be written as kubectl's documents have it. */
function withHome(cluster: Cluster): Cluster {
  const { kubeconfig } = cluster;
  return kubeconfig.startsWith('~/')
    ? { ...cluster, kubeconfig: join(homedir(), kubeconfig.slice(2)) }
    : cluster;
}

function createCluster(name: string): string {
  return `nx g cluster ${name} --provider bare-metal --hosts localhost`;
}

/**
 * The services of the environment as they run there, in the order of their needs.
 * @throws UserError when the environment selects none, or one of their files is wrong.
 */
export function readServices(files: WorkspaceFiles, environment: Environment, projects: Projects): Service[] {
  return resolveEnvironment(environment, selectedServices(files, environment, projects));
}

/**
 * What the environment selects and does not run, since it is for other orchestrators, a sentence each: services, and on
 * ECS what stands beside them for Kubernetes. A Swarm's plan says that of each service.
 * @throws UserError as readServices does
 */
export function leftOutLines(files: WorkspaceFiles, environment: Environment, projects: Projects): string[] {
  const selected = selectedServices(files, environment, projects);
  const { name, orchestrator } = environment;
  const where = `Left out of ${name}, which is on ${ORCHESTRATOR_TITLES[orchestrator]}`;
  const services = leftOut(environment, selected);
  const names = services.map((service) => `${service.name} (${service.orchestrators?.join(', ')})`).sort();
  const besides = selected.filter((service) => !services.some((other) => other.name === service.name));
  const extras =
    orchestrator === 'ecs'
      ? readExtras(files, besides).map((extra) => `${extra.service}/kubernetes/${extra.name}`)
      : [];
  return [
    ...(names.length > 0 ? [`${where}, by "orchestrators" of their service.json: ${names.join(', ')}.`] : []),
    ...(extras.length > 0 ? [`${where}, since they are for Kubernetes: ${extras.join(', ')}.`] : []),
  ];
}

/** As each says by itself. */
function selectedServices(files: WorkspaceFiles, environment: Environment, projects: Projects): Service[] {
  const file = (project: string) => `${projects[project]?.root}/service.json`;
  const isService = (name: string) => files.read(file(name)) !== undefined;
  refuseUnknownProjects(environment, projects, isService);
  const names = servicesOf(environment.projects, projects, isService);
  return names.map((name) => parsedService(files.read(file(name)) ?? '', file(name), name));
}

const parsed = new Map<string, Service>();

/** Parses each text once: the environments of a workspace have their services in common. */
function parsedService(text: string, file: string, name: string): Service {
  const key = JSON.stringify([file, name, text]);
  const known = parsed.get(key);
  if (known) return known;
  const service = parseService(text, file, name);
  parsed.set(key, service);
  return service;
}

/** A plain name selects one project; one that selects none is mistyped, or its service is gone. */
function refuseUnknownProjects(
  { projects: selectors, root }: Environment,
  projects: Projects,
  isService: (name: string) => boolean,
): void {
  const problems = selectors.flatMap((selector, index) => {
    if (!/^[A-Za-z0-9][\w.-]*$/.test(selector) || servicesOf([selector], projects, () => true).length > 0)
      return [];
    const nearest = nearestName(selector, Object.keys(projects).filter(isService));
    return [
      {
        file: `${root}/env.json`,
        path: `projects[${index}]`,
        message: `"${selector}" is no project of this workspace`,
        hint: nearest ? `did you mean "${nearest}"?` : 'see what there is with `nx show projects`',
      },
    ];
  });
  if (problems.length > 0) throw new ModelError(problems);
}

function textOf(files: WorkspaceFiles, file: string, hint: string): string {
  const text = files.read(file);
  if (text === undefined) throw new UserError(`${file} does not exist`, hint);
  return text;
}
