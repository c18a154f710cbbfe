import type { ProjectConfiguration, Tree } from '@nx/devkit';
import { renderFiles } from '@berth/manifests';
import type { Service } from '@berth/model';
import type { BerthOptions } from '../../options';
import { filesOfTree, type WorkspaceFiles } from '../../workspace/files';
import { readEnvironment, readServices } from '../../workspace/models';

/** What a person keeps in an environment's folder; everything else there is generated. */
const kept = [/^env\.json$/, /^env\.local\.json$/, /^patches\//, /^README\.md$/];

/**
 * Writes the manifests of an environment, and deletes generated files that it no longer has. Only files whose
 * content changes are touched.
 * @returns the paths that changed, relative to the workspace
 * @throws UserError when a model is wrong
 */
export function writeManifests(
  tree: Tree,
  name: string,
  projects: Readonly<Record<string, ProjectConfiguration>>,
  options: BerthOptions,
): string[] {
  const files = filesOfTree(tree);
  const environment = readEnvironment(files, name, options);
  const services = readServices(files, environment, projects);
  const extra = services.flatMap((service) => ownObjects(files, service));
  const patches = files.list(`${environment.root}/patches`).filter(isYaml);
  const wanted = new Map(
    renderFiles(environment, services, {
      registry: options.registry,
      extra,
      patches: patches.map((path) => `patches/${path}`),
    }).map(({ path, content }) => [path, content]),
  );
  const changed: string[] = [];
  for (const [path, content] of wanted) {
    const file = `${environment.root}/${path}`;
    if (tree.read(file, 'utf8') === content) continue;
    tree.write(file, content);
    changed.push(file);
  }
  for (const path of files.list(environment.root)) {
    if (wanted.has(path) || kept.some((pattern) => pattern.test(path))) continue;
    const file = `${environment.root}/${path}`;
    tree.delete(file);
    changed.push(file);
  }
  return changed;
}

/** The service's own `kubernetes/*.yaml`, copied since kustomize takes no files from outside its folder. */
function ownObjects(files: WorkspaceFiles, service: Service): { path: string; content: string }[] {
  const folder = `${service.root}/kubernetes`;
  return files
    .list(folder)
    .filter(isYaml)
    .map((path) => ({
      path: `kubernetes/${service.name}/${path}`,
      content: files.read(`${folder}/${path}`) ?? '',
    }));
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path);
}
