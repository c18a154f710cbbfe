import type { Environment } from './environment';
import { formatPath, type PathStep } from './json-path';
import type { Problem } from './problem';
import type { Service } from './service';
import type { ServiceDocument } from './service-document';

/** File and JSON path. */
export type Place = Pick<Problem, 'file' | 'path'>;

/** Where a setting of a service was written: in env.json when it has the field, else in service.json. */
export function place(environment: Environment, service: Service, path: PathStep[]): Place {
  const difference = environment.services[service.name];
  return difference && Object.hasOwn(difference, String(path[0]))
    ? { file: `${environment.root}/env.json`, path: formatPath(['services', service.name, ...path]) }
    : written(service, path);
}

/** The place in the service's own file. */
export function written(service: Service, path: PathStep[]): Place {
  return { file: service.source?.file ?? `${service.root}/service.json`, path: formatPath(path) };
}

/** Where a secret of a service is named: those that only other orchestrators need may stand before it. */
export function secretPath({ source }: Service, name: string): PathStep[] {
  const { secrets = [] } = (source?.document ?? {}) as ServiceDocument;
  const names = secrets.map((secret) => (typeof secret === 'string' ? secret : secret.name));
  return names.includes(name) ? ['secrets', names.indexOf(name)] : ['secrets'];
}
