import { nothingAtOnce } from '../nothing';
import { nx, nxSettings } from '../nx';
import type { Workspace } from './workspace';

/** A way to bring the images of a workspace to a registry. */
export interface Contestant {
  /** In the table. */
  name: string;
  /** Of its workspaces, and of the repositories of its images. */
  id: string;
  /** Writes into a workspace what it needs there. @param registry host and path of its images */
  prepare(workspace: Workspace, registry: string): void;
  /** Brings every image to the registry, changed or not. */
  everything(workspace: Workspace): string[];
  /** Brings the images to the registry that the last commit changed; `everything` where it cannot tell. */
  changed?(workspace: Workspace): string[];
}

/** The tag of the peers: of all that they could take it is the cheapest, as it never brings a layer's manifest anew. */
const TAG = 'bench';

export const berth: Contestant = {
  name: 'Berth',
  id: 'berth',
  prepare: (workspace, registry) =>
    workspace.write('nx.json', { ...nxSettings, plugins: [{ plugin: '@berth/nx', options: { registry } }] }),
  everything: (workspace) => nx(workspace.root, 'run-many', '-t', 'docker-push'),
  changed: (workspace) => nx(workspace.root, 'affected', '-t', 'docker-push', '--base=HEAD~1'),
};

/** Nx with as many projects and nothing to do for each: what every run of so many takes, without anything of Berth's. */
export const nxAlone: Contestant = {
  name: 'Nx alone',
  id: 'nx',
  prepare: (workspace) => {
    workspace.write('nx.json', nxSettings);
    for (const name of workspace.services)
      workspace.write(`apps/${name}/project.json`, { name, targets: { nothing: nothingAtOnce } });
  },
  everything: (workspace) => nx(workspace.root, 'run-many', '-t', 'nothing'),
};

/** It infers a target that builds; one that pushes each workspace writes by itself. */
export const nxDocker: Contestant = {
  name: '@nx/docker and docker push',
  id: 'nx-docker',
  prepare: (workspace, registry) => {
    workspace.write('nx.json', {
      ...nxSettings,
      plugins: [
        {
          plugin: '@nx/docker',
          options: {
            buildTarget: {
              name: 'docker:build',
              skipDefaultTag: true,
              args: [`--tag ${registry}/{projectName}:${TAG}`],
            },
          },
        },
      ],
    });
    for (const name of workspace.services) {
      const push = { command: `docker push ${registry}/${name}:${TAG}`, dependsOn: ['docker:build'] };
      workspace.write(`apps/${name}/project.json`, { name, targets: { push } });
    }
  },
  everything: (workspace) => nx(workspace.root, 'run-many', '-t', 'push'),
  changed: (workspace) => nx(workspace.root, 'affected', '-t', 'push', '--base=HEAD~1'),
};

export const bake: Contestant = {
  name: 'docker buildx bake --push',
  id: 'bake',
  prepare: (workspace, registry) =>
    workspace.write('docker-bake.json', {
      group: { default: { targets: workspace.services } },
      target: Object.fromEntries(
        workspace.services.map((name) => [
          name,
          { context: `apps/${name}`, tags: [`${registry}/${name}:${TAG}`] },
        ]),
      ),
    }),
  everything: () => ['docker', 'buildx', 'bake', '--push'],
};

/** Builds and pushes one service after the other: those that it gets, or all. */
export const shellLoop: Contestant & { only(service: string): string[] } = {
  name: 'a shell loop of docker build and push',
  id: 'loop',
  prepare: (workspace, registry) =>
    workspace.write(
      'push.sh',
      `set -e
[ $# -gt 0 ] || set -- ${workspace.services.join(' ')}
for service; do
  docker build --quiet --tag "${registry}/$service:${TAG}" "apps/$service"
  docker push --quiet "${registry}/$service:${TAG}"
done
`,
    ),
  everything: () => ['sh', 'push.sh'],
  only: (service) => ['sh', 'push.sh', service],
};
