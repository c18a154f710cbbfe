import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { parseAllDocuments } from 'yaml';
import { localCluster, workloads, workspace } from '../cluster';

interface Container {
  name: string;
  image: string;
}
interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  spec?: {
    replicas?: number;
    externalTrafficPolicy?: string;
    template?: { spec: { containers: Container[] } };
  };
}

const WORKLOADS = ['Deployment', 'StatefulSet'];

/**
 * The manifests of an environment as this workspace has them, with the images that the local cluster runs.
 * @param only names of the services that are taken; all when absent
 */
export async function manifestsOf(environment: string, only?: readonly string[]): Promise<Manifest[]> {
  const folder = join(workspace, 'deploy/environments', environment);
  const { stdout } = await new ProcessRunner().run([kubectl(), 'kustomize', folder]);
  const images = await liveImages(environment);
  const all = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
  return all
    .filter(
      ({ kind, metadata }) =>
        !only || kind === 'Namespace' || only.some((name) => metadata.name.includes(name)),
    )
    .map((manifest) => {
      if (!WORKLOADS.includes(manifest.kind)) return manifest;
      for (const container of manifest.spec?.template?.spec.containers ?? [])
        container.image = images.get(`${manifest.metadata.name}/${container.name}`) ?? container.image;
      return manifest;
    });
}

/** By `<workload>/<container>`, the image that runs. */
async function liveImages(namespace: string): Promise<Map<string, string>> {
  const client = localCluster();
  try {
    const found = (await workloads(client, namespace)) as unknown as Required<Manifest>[];
    return new Map(
      found.flatMap(({ metadata, spec }) =>
        (spec.template?.spec.containers ?? []).map(({ name, image }) => [`${metadata.name}/${name}`, image]),
      ),
    );
  } finally {
    client.close();
  }
}

export function kubectl(): string {
  const own = '/var/lib/berth/bin/kubectl';
  return existsSync(own) ? own : 'kubectl';
}

/** The keys of the Secret that these manifests ask for. */
export function secretKeys(manifests: readonly Manifest[]): string[] {
  const text = JSON.stringify(manifests);
  const keys = [...text.matchAll(/"secretKeyRef":(\{[^}]*\})/g)].map(
    ([, reference]) => (JSON.parse(reference ?? '{}') as { key: string }).key,
  );
  return [...new Set(keys)];
}
