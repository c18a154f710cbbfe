import type { Cluster, GkeSettings } from '@berth/model';
import { BERTH, CLUSTER, MANAGED_BY } from '../cloud/labels';
import type { Step } from '../provider';
import type { Gcloud } from './gcloud';
import { GcloudRefusal } from './refusal';

/** The repository in Artifact Registry that stands before Docker Hub, in the cluster's region. */
export function mirrorOf({ name }: Cluster, { location, isRegion, project }: GkeSettings) {
  const region = isRegion ? location : location.replace(/-[^-]*$/, '');
  const repository = `berth-${name}-docker-hub`;
  const where = ['--project', project, '--location', region];
  return {
    repository,
    /** What stands before an image's name, for example `library/nginx:1.29`. */
    prefix: `${region}-docker.pkg.dev/${project}/${repository}/`,
    describe: ['artifacts', 'repositories', 'describe', repository, ...where],
    create: [
      ...['artifacts', 'repositories', 'create', repository, ...where],
      ...[
        '--repository-format',
        'docker',
        '--mode',
        'remote-repository',
        '--remote-docker-repo',
        'DOCKER-HUB',
      ],
      ...['--labels', `${MANAGED_BY}=${BERTH},${CLUSTER}=${name}`],
    ],
    delete: ['artifacts', 'repositories', 'delete', repository, ...where],
    allow: (member: string) => [
      ...['artifacts', 'repositories', 'add-iam-policy-binding', repository, ...where],
      ...['--member', member, '--role', 'roles/artifactregistry.reader'],
    ],
  };
}

/** The step that makes the mirror and lets the nodes read it; undefined when it is there. */
export async function mirrorStep(
  gcloud: Gcloud,
  cluster: Cluster,
  settings: GkeSettings,
): Promise<Step | undefined> {
  const mirror = mirrorOf(cluster, settings);
  if (await mirrorExists(gcloud, cluster, settings)) return undefined;
  const project = ['projects', 'describe', settings.project];
  return {
    title: 'Mirror of Docker Hub',
    details: [
      gcloud.line(mirror.create),
      gcloud.line(mirror.allow('serviceAccount:NUMBER-compute@developer.gserviceaccount.com')),
      `images of Docker Hub are then also below ${mirror.prefix}`,
    ],
    run: async () => {
      if (!(await mirrorExists(gcloud, cluster, settings))) await gcloud.run(mirror.create, settings);
      // The account of nodes that have none of their own: https://cloud.google.com/compute/docs/access/service-accounts
      const { projectNumber } = await gcloud.json<{ projectNumber: string }>(project, settings);
      const member = `serviceAccount:${projectNumber}-compute@developer.gserviceaccount.com`;
      await gcloud.run(mirror.allow(member), settings);
    },
  };
}

export async function deleteMirrorStep(
  gcloud: Gcloud,
  cluster: Cluster,
  settings: GkeSettings,
): Promise<Step | undefined> {
  const mirror = mirrorOf(cluster, settings);
  if (!(await mirrorExists(gcloud, cluster, settings))) return undefined;
  return {
    title: 'Mirror of Docker Hub',
    details: [gcloud.line(mirror.delete)],
    run: async () => {
      if (await mirrorExists(gcloud, cluster, settings)) await gcloud.run(mirror.delete, settings);
    },
  };
}

async function mirrorExists(gcloud: Gcloud, cluster: Cluster, settings: GkeSettings): Promise<boolean> {
  try {
    await gcloud.run(mirrorOf(cluster, settings).describe, settings);
    return true;
  } catch (error) {
    if (error instanceof GcloudRefusal && ['absent', 'disabled'].includes(error.kind)) return false;
    throw error;
  }
}
