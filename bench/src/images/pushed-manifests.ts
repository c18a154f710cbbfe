import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How many manifests a registry keeps below a path of its repositories, by its storage: docker-registry has a folder
 * for each (`_manifests/revisions`).
 */
export function pushedManifests(storage: string, path: string): number {
  const repositories = join(storage, 'docker/registry/v2/repositories', path);
  if (!existsSync(repositories)) return 0;
  return readdirSync(repositories)
    .map((name) => join(repositories, name, '_manifests/revisions/sha256'))
    .filter(existsSync)
    .reduce((count, folder) => count + readdirSync(folder).length, 0);
}
