import { nx, nxSettings, writePackages } from '../nx';
import { writeInto } from '../write-into';
import { environmentFile, type Services } from './services';

/** Where a contestant deploys from, and to. */
export interface Place {
  /** Absolute path of its folder. */
  root: string;
  /** The node_modules of those that run Nx. */
  modules: string;
  /** Absolute path, of its own user. */
  kubeconfig: string;
  context: string;
  programs: { kubectl: string; helm: string };
  services: Services;
  /** And namespace. */
  environment: string;
}

/** A way to bring services to a cluster. */
export interface Contestant {
  /** In the table. */
  name: string;
  /** Of its folders, its environments and its user at the API server. */
  id: string;
  /** Brings its files to what the services are now. */
  write(place: Place): void;
  deploy(place: Place): string[];
  /** Waits until all is healthy, after `deploy`. Absent where that has waited already. */
  wait?(place: Place): string[];
}

/** The file in which `nx deploy` says how it went. */
export const RESULT = 'result.json';

export const berth: Contestant = {
  name: 'Berth',
  id: 'berth',
  write: (place) => {
    const { root, modules, kubeconfig, context, services, environment } = place;
    writePackages(root, modules);
    writeInto(root, 'nx.json', {
      ...nxSettings,
      plugins: [{ plugin: '@berth/nx', options: { registry: 'localhost:5000/shop', domain: 'localhost' } }],
    });
    writeInto(root, 'deploy/clusters/bench/cluster.json', {
      ...{ provider: 'bare-metal', hosts: ['localhost'], kubeconfig, context },
    });
    writeInto(root, `deploy/environments/${environment}/env.json`, environmentFile);
    for (const name of services.names) writeInto(root, `apps/${name}/service.json`, services.document(name));
  },
  deploy: ({ root, environment }) => nx(root, 'deploy', environment, `--json=${RESULT}`),
};

export const serverSideApply: Contestant & { only(place: Place, service: string): string[] } = {
  name: 'kubectl apply --server-side -k',
  id: 'server-side',
  write: writeFiles,
  deploy: (place) => kubectl(place, 'apply', '--server-side', '-k', 'manifests'),
  only: (place, service) =>
    kubectl(place, 'apply', '--server-side', '-f', `manifests/services/${service}.yaml`),
  wait: rolledOut,
};

export const apply: Contestant = {
  name: 'kubectl apply -f',
  id: 'client-side',
  write: writeFiles,
  deploy: (place) => kubectl(place, 'apply', '-f', 'manifests/namespace.yaml', '-f', 'manifests/services'),
  wait: rolledOut,
};

export const helm: Contestant = {
  name: 'helm upgrade --install',
  id: 'helm',
  write: ({ root, services, environment }) => {
    writeInto(root, 'chart/Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
    for (const { path, content } of services.files(environment))
      if (path.startsWith('services/')) writeInto(root, `chart/templates/${path}`, content);
  },
  deploy: ({ programs, kubeconfig, environment }) => [
    ...[programs.helm, '--kubeconfig', kubeconfig, 'upgrade', '--install', 'shop', 'chart'],
    ...['--namespace', environment, '--create-namespace'],
  ],
  wait: rolledOut,
};

function writeFiles({ root, services, environment }: Place): void {
  for (const { path, content } of services.files(environment)) writeInto(root, `manifests/${path}`, content);
}

function rolledOut(place: Place): string[] {
  return kubectl(place, 'rollout', 'status', 'deployment', '--namespace', place.environment);
}

export function kubectl({ programs, kubeconfig }: Place, ...args: string[]): string[] {
  return [programs.kubectl, '--kubeconfig', kubeconfig, ...args];
}
