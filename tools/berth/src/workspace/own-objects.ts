import type { ExtraFile } from '@berth/manifests';
import type { Environment, Service } from '@berth/model';
import type { WorkspaceFiles } from './files';

/** The services' own `kubernetes/*.yaml`: objects that people wrote beside them. */
export function readExtras(files: WorkspaceFiles, services: readonly Service[]): ExtraFile[] {
  return services.flatMap((service) => {
    const folder = `${service.root}/kubernetes`;
    return files
      .list(folder)
      .filter(isYaml)
      .map((name) => ({ service: service.name, name, content: files.read(`${folder}/${name}`) ?? '' }));
  });
}

/** File names in the environment's patches/ folder. */
export function readPatchNames(files: WorkspaceFiles, environment: Environment): string[] {
  return files.list(`${environment.root}/patches`).filter(isYaml);
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path);
}
