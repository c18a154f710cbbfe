/* Only tests use this. */
import { renderSwarmObjects, type ManifestObject } from '@berth/manifests';
import { testEnvironment, testServices } from '@berth/manifests/src/testing-models';
import { parseCluster } from '@berth/model';
import { testRendering } from './testing-models';

export interface AdminOfSwarm {
  /** As in cluster.json. */
  docker: string;
  /** What service.json says, by name. */
  documents: Readonly<Record<string, object>>;
  /** By name, with the digest. */
  images: ReadonlyMap<string, string>;
}

/** The environment admin of a Swarm. */
export function adminObjects({ docker, documents, images }: AdminOfSwarm): ManifestObject[] {
  const environment = testEnvironment({ orchestrator: 'swarm', projects: Object.keys(documents) }, 'admin');
  const folder = { name: 'swarm', root: 'deploy/clusters/swarm' };
  const cluster = parseCluster(JSON.stringify({ provider: 'existing', docker }), folder);
  return renderSwarmObjects(environment, testServices(environment, documents), {
    ...testRendering,
    images,
    cluster,
  });
}
