import type { Environment } from './environment';
import { checkHosts } from './host-claims';
import { loadBalancerServiceName, nodePortServiceName } from './hosts';
import { formatPath } from './json-path';
import { mergeJson } from './merge-json';
import { nearestName } from './nearest-name';
import { orderByNeeds } from './order';
import { place, written } from './place';
import { ModelError, type Problem } from './problem';
import { readService } from './read-service';
import type { Service } from './service';

/**
 * The services of an environment as they run there: env.json's overrides laid over each service.json and checked
 * again, and the checks that need all of them. In the order of their needs: a service comes after what it needs. Those
 * that are for other orchestrators are left out (`leftOut`).
 * @param selected what `environment.projects` selects, as parseService returned them
 * @throws ModelError with every problem; what an override broke is reported at its place in env.json
 */
export function resolveEnvironment(environment: Environment, selected: readonly Service[]): Service[] {
  const file = `${environment.root}/env.json`;
  if (selected.length === 0) {
    const projects = environment.projects.join(', ');
    throw new ModelError([
      {
        file,
        path: 'projects',
        message: `${projects} selects no service`,
        hint: 'a service is a project with a service.json; see what there is with `nx show projects`',
      },
    ]);
  }
  const problems: Problem[] = checkOverrideNames(environment, selected, file);
  const resolved = selected.flatMap((service) => {
    const found = override(environment, service, file);
    if ('problems' in found) problems.push(...found.problems);
    return 'service' in found ? [found.service] : [];
  });
  if (problems.length) throw new ModelError(problems);
  const all = resolved.map(({ name }) => name);
  const services = resolved
    .filter((service) => isFor(service, environment))
    .map((service) => withOwnSecrets(service, environment));
  if (services.length === 0)
    throw new ModelError([{ file, path: 'projects', ...nothingLeft(environment, all) }]);
  problems.push(
    ...checkNames(services),
    ...checkNeeds(environment, services, all),
    ...checkHosts(environment, services),
    ...checkNodePorts(environment, services),
  );
  const sorted = orderByNeeds(new Map(services.map((service) => [service.name, service.needs])));
  if ('cycle' in sorted) {
    const first = services.find((service) => service.name === sorted.cycle[0])!;
    problems.push({
      ...place(environment, first, ['needs']),
      message: `is a circle: ${sorted.cycle.join(' → ')}`,
      hint: 'a service is started after what it needs; take one of these needs away',
    });
  }
  if (problems.length || 'cycle' in sorted) throw new ModelError(problems);
  const byName = new Map(services.map((service) => [service.name, service]));
  return sorted.order.map((name) => byName.get(name)!);
}

/**
 * Of what an environment selects, the services that are for other orchestrators than its own: they do not run there, and
 * who deploys is to know.
 * @param selected as for resolveEnvironment; what is wrong with an override is said there
 */
export function leftOut(environment: Environment, selected: readonly Service[]): Service[] {
  return selected.flatMap((service) => {
    const found = override(environment, service, '');
    return 'service' in found && !isFor(found.service, environment) ? [found.service] : [];
  });
}

function isFor({ orchestrators }: Service, { orchestrator }: Environment): boolean {
  return orchestrators === undefined || orchestrators.includes(orchestrator);
}

/** Without the secrets that are for other orchestrators. */
function withOwnSecrets(service: Service, { orchestrator }: Environment): Service {
  const { secretOrchestrators } = service;
  if (!secretOrchestrators) return service;
  const isOwn = (name: string) =>
    !Object.hasOwn(secretOrchestrators, name) || secretOrchestrators[name]!.includes(orchestrator);
  return { ...service, secrets: service.secrets.filter(isOwn) };
}

function nothingLeft(
  { projects, orchestrator }: Environment,
  names: readonly string[],
): Pick<Problem, 'message' | 'hint'> {
  return {
    message: `${projects.join(', ')} selects ${names.join(', ')}, and by "orchestrators" of their service.json none of them is for ${orchestrator}`,
    hint: 'choose another orchestrator, or other services',
  };
}

function override(
  environment: Environment,
  service: Service,
  file: string,
): { service: Service } | { problems: Problem[] } {
  const difference = environment.services[service.name];
  if (!difference || Object.keys(difference).length === 0) return { service };
  if (!service.source)
    throw new Error(`resolveEnvironment needs ${service.name} as parseService returned it`);
  const document = mergeJson(service.source.document, difference);
  const { service: merged, findings } = readService(document, service.name, service.root, {
    file: service.source.file,
    document,
  });
  if (merged) return { service: merged };
  return {
    problems: findings.map(({ path, message, hint }) => ({
      file,
      path: formatPath(['services', service.name, ...path]),
      message,
      ...(hint && { hint }),
    })),
  };
}

function checkOverrideNames(environment: Environment, selected: readonly Service[], file: string): Problem[] {
  const names = selected.map((service) => service.name);
  return Object.keys(environment.services)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const nearest = nearestName(name, names);
      return {
        file,
        path: formatPath(['services', name]),
        message: `is no service of this environment; it has ${[...names].sort().join(', ')}`,
        ...(nearest && { hint: `did you mean "${nearest}"?` }),
      };
    });
}

function checkNames(services: readonly Service[]): Problem[] {
  return services.flatMap((service, index) => {
    const first = services.find((other) => other.name === service.name)!;
    return services.indexOf(first) < index
      ? [{ ...written(service, []), message: `a service called ${service.name} is also in ${first.root}` }]
      : [];
  });
}

/** @param selected names of all services, those that are left out too */
function checkNeeds(
  environment: Environment,
  services: readonly Service[],
  selected: readonly string[],
): Problem[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  return services.flatMap((service) =>
    service.needs.flatMap((need, index): Problem[] => {
      const where = place(environment, service, ['needs', index]);
      const other = byName.get(need);
      if (!other && selected.includes(need)) {
        const message = `"${need}" is left out of ${environment.name}: by "orchestrators" of its service.json it is not for ${environment.orchestrator}`;
        return [{ ...where, message }];
      }
      if (!other) {
        const nearest = nearestName(need, byName.keys());
        return [
          {
            ...where,
            message: `"${need}" is no service of the environment ${environment.name}`,
            hint: nearest
              ? `did you mean "${nearest}"?`
              : `add it to projects in ${environment.root}/env.json`,
          },
        ];
      }
      return other.ports.length ? [] : [{ ...where, message: `"${need}" has no port that could be called` }];
    }),
  );
}

/** A number is opened once; and the Kubernetes Service that opens a service's numbers has a name of its own. */
function checkNodePorts(environment: Environment, services: readonly Service[]): Problem[] {
  const taken = new Map<number, string>();
  const names = new Set(services.filter(({ ports }) => ports.length > 0).map(({ name }) => name));
  return services.flatMap((service) =>
    service.ports.flatMap((port, index): Problem[] => {
      if (port.nodePort === undefined) return [];
      const other = taken.get(port.nodePort);
      taken.set(port.nodePort, service.name);
      const where = place(environment, service, ['ports', index, 'nodePort']);
      if (other !== undefined) return [{ ...where, message: `${other} has ${port.nodePort} already` }];
      return [nodePortServiceName(service.name), loadBalancerServiceName(service.name)]
        .filter((object) => names.has(object))
        .map((object) => ({
          ...where,
          message: `needs the Service ${object}, which is the service ${object}'s own`,
        }));
    }),
  );
}
