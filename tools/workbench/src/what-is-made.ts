import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '@berth/manifests';
import { parseAllDocuments } from 'yaml';

/** What an environment makes in a cluster, as far as its generated files say. */
export interface EnvironmentContent {
  environment: string;
  /** Names of its Deployments and StatefulSets. */
  services: string[];
  /** Kind and name of what it has outside of its namespace. */
  ofTheCluster: string[];
}

/** Reads the generated files of an environment. */
export function contentOf(root: string, environment: string): EnvironmentContent {
  const folder = join(root, 'deploy/environments', environment);
  const objects = yamlBelow(folder).flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).map(
      (document) => document.toJS() as KubernetesObject | null,
    ),
  );
  const services: string[] = [];
  const ofTheCluster: string[] = [];
  for (const object of objects) {
    const { kind, metadata } = object ?? {};
    if (kind === undefined || metadata?.name === undefined) continue;
    if (kind === 'Deployment' || kind === 'StatefulSet') services.push(metadata.name);
    else if (metadata.namespace === undefined && kind !== 'Namespace')
      ofTheCluster.push(`${kind} ${metadata.name}`);
  }
  return { environment, services: services.sort(), ofTheCluster: ofTheCluster.sort() };
}

/** The same for a person, a line for the namespace and one for what lies outside. */
export function contentLines({ environment, services, ofTheCluster }: EnvironmentContent): string[] {
  const what = services.length > 0 ? services.join(', ') : 'what its services say';
  return [
    `the namespace ${environment}: ${what}`,
    ...(ofTheCluster.length > 0 ? [`    for the whole cluster: ${ofTheCluster.join(', ')}`] : []),
  ];
}

function yamlBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return ['services', 'kubernetes'].flatMap((name) =>
    existsSync(join(folder, name))
      ? readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
          .filter((path) => path.endsWith('.yaml'))
          .map((path) => join(folder, name, path))
      : [],
  );
}
