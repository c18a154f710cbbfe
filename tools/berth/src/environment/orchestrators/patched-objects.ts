import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProgramError, type Runner } from '@berth/exec';
import { renderFiles, type KubernetesObject, type RenderOptions } from '@berth/manifests';
import { UserError, type Environment, type Service } from '@berth/model';
import { parseAllDocuments } from 'yaml';
import type { WorkspaceFiles } from '../../workspace/files';

/**
 * The objects of an environment with the patches that people wrote, and with ConfigMaps that are named by their content,
 * as `kubectl apply -k` would have them: kustomize itself makes them.
 * @throws UserError when kustomize refuses them
 */
export async function patchedObjects(
  environment: Environment,
  services: readonly Service[],
  options: RenderOptions,
  files: WorkspaceFiles,
  runner: Runner,
): Promise<KubernetesObject[]> {
  const folder = mkdtempSync(join(tmpdir(), `berth-${environment.name}-`));
  try {
    const patches = (options.patches ?? []).map((name) => ({
      path: `patches/${name}`,
      content: files.read(`${environment.root}/patches/${name}`) ?? '',
    }));
    for (const { path, content } of [...renderFiles(environment, services, options), ...patches]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const { stdout } = await runner.run([kubectl(), 'kustomize', folder]);
    return parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new UserError(
      `Kustomize does not take the manifests of ${environment.name}: ${error.message}`,
      `Mend ${environment.root}/patches, or the kubernetes/ folder of a service, and see what comes of them: kubectl kustomize ${environment.root}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The newest kubectl that Berth has built or downloaded, else the one of the PATH. */
function kubectl(): string {
  const cache = join(homedir(), '.cache/berth/bin/kubernetes');
  const versions = existsSync(cache)
    ? readdirSync(cache).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    : [];
  const cached = versions.map((version) => join(cache, version, 'kubectl')).find((path) => existsSync(path));
  return cached ?? 'kubectl';
}
