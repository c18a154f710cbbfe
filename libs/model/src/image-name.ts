/** Name of a project's image, without tag or digest: `localhost:5000/berth` and `pricing` give `localhost:5000/berth/pricing`. */
export function imageName(registry: string, project: string): string {
  return `${registry.replace(/\/+$/, '')}/${project}`;
}
