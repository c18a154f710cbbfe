import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { renderObjects, SECRETS_NAME, type KubernetesObject } from '@berth/manifests';
import { parseEnvironment, parseService, resolveEnvironment, type Cluster } from '@berth/model';

const workspace = resolve(__dirname, '../../..');
const REGISTRY = 'localhost:5000/berth';
const DEMO = ['web', 'pricing', 'execution', 'blotter', 'reference', 'store'];

/** What a page's readers shall not wait for: how long a pod may take to be connected to, and be silent, in seconds. */
const PROXY = { connectTimeout: 1, readTimeout: 5 };

/** All objects of the demo, namespaces first, and of a gateway on every host, as Berth gives them to this cluster. */
export function demoObjects(cluster: Cluster): KubernetesObject[] {
  const all = [
    ...objectsOf('admin', ['gateway'], { gateway: { scale: { min: cluster.hosts.length } } }, cluster),
    ...objectsOf('staging', DEMO, { web: { proxy: PROXY } }, cluster),
  ];
  const isNamespace = ({ kind }: KubernetesObject) => kind === 'Namespace';
  return [...all.filter(isNamespace), ...all.filter((object) => !isNamespace(object))];
}

/** @param services overrides, as in env.json */
function objectsOf(name: string, projects: string[], services: object, cluster: Cluster): KubernetesObject[] {
  const environment = parseEnvironment(
    JSON.stringify({ cluster: cluster.name, projects, services }),
    { name, root: `deploy/environments/${name}` },
    { domain: 'localhost' },
  );
  const read = (path: string) => readFileSync(join(workspace, path), 'utf8');
  const selected = projects.map((project) => {
    const file = `apps/${project}/service.json`;
    return parseService(read(file), file, project);
  });
  const extras = projects.flatMap((service) => {
    const folder = `apps/${service}/kubernetes`;
    const names = existsSync(join(workspace, folder)) ? readdirSync(join(workspace, folder)) : [];
    return names.map((file) => ({ service, name: file, content: read(`${folder}/${file}`) }));
  });
  const resolved = resolveEnvironment(environment, selected);
  const secrets = new Set(resolved.flatMap((service) => service.secrets));
  const stringData = Object.fromEntries([...secrets].map((key) => [key, 'of-the-test']));
  const images = imagesOf(projects);
  const [namespace, ...rest] = renderObjects(environment, resolved, {
    ...{ registry: REGISTRY, images, extras, cluster },
  });
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: SECRETS_NAME, namespace: name } };
  return [namespace!, ...(secrets.size > 0 ? [{ ...secret, stringData }] : []), ...rest];
}

/** The images of this workspace, as its last run of docker-push has found or made them. */
function imagesOf(services: readonly string[]): Map<string, string> {
  const file = join(workspace, '.berth/images.json');
  const written = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const { images = {} } = JSON.parse(written) as { images?: Record<string, { digest?: string }> };
  return new Map(
    services.map((name) => {
      const { digest } = images[name] ?? {};
      if (!digest) throw new Error(`${file} has no image of ${name}: npx nx run-many -t docker-push`);
      return [name, `${REGISTRY}/${name}@${digest}`];
    }),
  );
}
