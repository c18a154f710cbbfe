import { checkDocument, readDocument, type Finding } from './check-document';
import type { Cluster } from './cluster';
import type { Environment } from './environment';
import { checkExposure, defaultExposure, defaultNodePorts } from './exposure';
import { formatPath, type PathStep } from './json-path';
import { isObject } from './merge-json';
import { ModelError, type Problem } from './problem';
import { checkProviderFields, providerSettings, type ProviderFields } from './read-cluster';
import { checkEcs, readEcs } from './read-ecs';
import { readService } from './read-service';
import type { Service } from './service';

/** Where an environment or cluster stands. */
export interface Folder {
  /** The folder's name, which is the environment's or cluster's. */
  name: string;
  /** The folder, relative to the workspace, with forward slashes. */
  root: string;
}

/** What the workspace says for every environment (the plugin's options in nx.json). */
export interface EnvironmentDefaults {
  domain: string;
}

/**
 * Reads the text of a service.json.
 * @param file its path, relative to the workspace, with forward slashes
 * @param project the Nx project's name, which is the service's
 * @throws ModelError with every problem
 */
export function parseService(text: string, file: string, project: string): Service {
  const { document, findings: unreadable } = readDocument(text, 'service');
  if (document === undefined) throw new ModelError(problemsOf(file, unreadable));
  const root = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
  const { service, findings } = readService(document, project, root, { file, document });
  if (!service) throw new ModelError(problemsOf(file, findings));
  return service;
}

/**
 * Reads the text of an env.json. Overrides of services are checked by resolveEnvironment, which knows the services.
 * @throws ModelError with every problem
 */
export function parseEnvironment(
  text: string,
  { name, root }: Folder,
  defaults: EnvironmentDefaults,
): Environment {
  const file = `${root}/env.json`;
  const { document, findings } = readDocument(text, 'environment');
  const found = [...checkEnvironmentName(name), ...findings];
  if (found.length) throw new ModelError(problemsOf(file, found));
  const written = document as Partial<Environment> & Pick<Environment, 'projects'>;
  return {
    name,
    root,
    orchestrator: written.orchestrator ?? 'kubernetes',
    cluster: written.cluster ?? 'local',
    domain: written.domain ?? defaults.domain,
    projects: written.projects,
    services: written.services ?? {},
    protected: written.protected ?? false,
    ttl: written.ttl ?? null,
    podSecurity: written.podSecurity ?? 'restricted',
  };
}

/**
 * Reads the text of a cluster.json.
 * @throws ModelError with every problem
 */
export function parseCluster(text: string, { name, root }: Folder): Cluster {
  const file = `${root}/cluster.json`;
  const { document, findings } = readDocument(text, 'cluster');
  const found = [...checkClusterName(name), ...findings];
  if (isObject(document) && document['provider'] === 'bare-metal') {
    const hosts = document['hosts'];
    if (hosts === undefined || (Array.isArray(hosts) && hosts.length === 0)) {
      found.push({
        path: ['hosts'],
        message: 'must name at least one machine',
        hint: 'this machine is "localhost"',
      });
    }
  }
  if (!found.length && isObject(document) && isObject(document['ecs']))
    found.push(...checkEcs(document['ecs']));
  if (isObject(document)) found.push(...checkExposure(document));
  const written = document as Partial<Cluster> & Pick<Cluster, 'provider'> & ProviderFields;
  // Of values that are no good themselves nothing more can be said.
  if (found.length === 0) found.push(...checkProviderFields(written.provider, written));
  if (found.length) throw new ModelError(problemsOf(file, found));
  return {
    name,
    root,
    provider: written.provider,
    kubeconfig: written.kubeconfig ?? `${root}/kubeconfig`,
    context: written.context ?? `berth-${name}`,
    ...(namesKubernetes(written) ? {} : { withoutKubernetes: true as const }),
    ...(written.docker === undefined ? {} : { docker: written.docker }),
    exposure: written.exposure ?? defaultExposure(written.provider),
    nodePorts: written.nodePorts ?? defaultNodePorts(written.provider),
    ...(written.front === undefined ? {} : { front: written.front }),
    ...(written.ecs === undefined ? {} : { ecs: readEcs(written.ecs) }),
    hosts: written.hosts ?? [],
    ...providerSettings(written.provider, written),
  };
}

/** What Berth makes is Kubernetes; of what is there already, what is named counts. */
function namesKubernetes({ provider, kubeconfig, context, docker, ecs }: Partial<Cluster>): boolean {
  const namesOther = docker !== undefined || ecs !== undefined;
  return provider !== 'existing' || !namesOther || kubeconfig !== undefined || context !== undefined;
}

/**
 * Checks the options of @berth/nx in nx.json.
 * @param path where they stand in the file
 * @throws ModelError with every problem
 */
export function checkPluginOptions(options: unknown, path: readonly PathStep[]): void {
  const findings = checkDocument(options, 'options').map((finding) => ({
    ...finding,
    path: [...path, ...finding.path],
  }));
  if (findings.length) throw new ModelError(problemsOf('nx.json', findings));
}

/** What is wrong with a name for an environment; empty when nothing is. */
export function checkEnvironmentName(name: string): Finding[] {
  const finding = checkLabel(name, 'environment');
  if (finding) return [finding];
  if (name === 'default' || name.startsWith('kube-')) {
    return [
      { path: [], message: `an environment cannot be called "${name}": that namespace is Kubernetes' own` },
    ];
  }
  return [];
}

function checkClusterName(name: string): Finding[] {
  const finding = checkLabel(name, 'cluster');
  return finding ? [finding] : [];
}

function checkLabel(name: string, what: string): Finding | undefined {
  if (name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return undefined;
  return {
    path: [],
    message: `the ${what}'s name must be at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends, not "${name}"`,
    hint: 'rename the folder',
  };
}

function problemsOf(file: string, findings: readonly Finding[]): Problem[] {
  return findings.map(({ path, message, hint }) => ({
    file,
    path: formatPath(path),
    message,
    ...(hint && { hint }),
  }));
}
