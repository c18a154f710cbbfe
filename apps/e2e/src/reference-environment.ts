import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderObjects, type KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { workspace } from './cluster';
import { environmentOf } from './environment-of';

/**
 * An environment of one public service, `reference`, with the image that staging runs.
 * @param changes laid over the fields of its service.json
 * @returns every object of it, the namespace first
 */
export async function referenceEnvironment(
  client: KubeClient,
  namespace: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<KubernetesObject[]> {
  const { environment, services } = environmentOf(namespace, {
    reference: { ...publicReference(), ...changes },
  });
  return renderObjects(environment, services, {
    registry: 'localhost:5000/berth',
    images: new Map([['reference', await stagingImage(client)]]),
  });
}

/** Its service.json, with an address. */
export function publicReference(): object {
  const written = JSON.parse(readFileSync(join(workspace, 'apps/reference/service.json'), 'utf8')) as {
    ports: object[];
  };
  return { ...written, ports: written.ports.map((port) => ({ ...port, public: true })) };
}

/** The image of it that staging runs. */
export async function stagingImage(client: KubeClient): Promise<string> {
  const live = await client.get({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'staging',
    name: 'reference',
  });
  const { template } = live?.['spec'] as { template: { spec: { containers: { image: string }[] } } };
  return template.spec.containers[0]!.image;
}
