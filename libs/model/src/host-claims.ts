import type { Environment } from './environment';
import { hostLabel, hostOf, LONGEST_HOST, LONGEST_LABEL, publicPorts } from './hosts';
import { place, type Place } from './place';
import { ModelError, type Problem } from './problem';
import type { Service } from './service';

/** A host at which a service of an environment answers. */
export interface HostClaim {
  host: string;
  /** For example `port http of web`. */
  owner: string;
  environment: string;
  cluster: string;
  /** What decides the host. */
  where: Place;
  /** What to change, so that the host is another one. */
  hint: string;
}

/** Every host of an environment's public ports. */
export function hostClaims(environment: Environment, services: readonly Service[]): HostClaim[] {
  return services.flatMap((service) => {
    const claim = (host: string, owner: string, where: Place, hint: string): HostClaim => ({
      ...{ host, owner, where, hint, environment: environment.name, cluster: environment.cluster },
    });
    const ports = publicPorts(service).map((port) =>
      claim(
        hostOf(service, port, environment),
        `port ${port.name} of ${service.name}`,
        place(environment, service, ['ports', service.ports.indexOf(port)]),
        'give the service, the port or the environment another name',
      ),
    );
    const more = (service.proxy.hosts ?? []).map((host, index) =>
      claim(
        host,
        `${service.name}'s proxy.hosts`,
        place(environment, service, ['proxy', 'hosts', index]),
        `give it hosts of its own as services.${service.name}.proxy.hosts in ${environment.root}/env.json`,
      ),
    );
    return [...ports, ...more];
  });
}

/** Hosts of one environment that DNS does not allow, or that are there twice. */
export function checkHosts(environment: Environment, services: readonly Service[]): Problem[] {
  const taken = new Map<string, HostClaim>();
  const twice = hostClaims(environment, services).flatMap((claim): Problem[] => {
    const other = taken.get(claim.host);
    if (!other) taken.set(claim.host, claim);
    return other
      ? [
          {
            ...claim.where,
            message: `${claim.owner} comes to the host ${claim.host}, which ${other.owner} has`,
          },
        ]
      : [];
  });
  return [...checkLengths(environment, services), ...twice];
}

function checkLengths(environment: Environment, services: readonly Service[]): Problem[] {
  return services.flatMap((service) =>
    publicPorts(service).flatMap((port): Problem[] => {
      const where = place(environment, service, ['ports', service.ports.indexOf(port)]);
      const label = hostLabel(service, port, environment.name);
      const host = hostOf(service, port, environment);
      if (label.length > LONGEST_LABEL) {
        return [
          {
            ...where,
            message: `its host ${label} has ${label.length} characters; DNS allows ${LONGEST_LABEL}`,
            hint: 'shorten the name of the service, the port or the environment',
          },
        ];
      }
      return host.length > LONGEST_HOST
        ? [
            {
              ...where,
              message: `its host ${host} has ${host.length} characters; DNS allows ${LONGEST_HOST}`,
              hint: 'shorten the domain',
            },
          ]
        : [];
    }),
  );
}

/**
 * Refuses hosts that another environment of the same cluster has: the gateway would give them to one of the two.
 * `a-b` in the environment `c` and `a` in `b-c` come to one host.
 * @param others hosts of all environments of the workspace; the environment's own among them do not count
 * @throws ModelError with every such host
 */
export function refuseTakenHosts(
  environment: Environment,
  services: readonly Service[],
  others: readonly HostClaim[],
): void {
  const taken = new Map(
    others
      .filter((other) => other.cluster === environment.cluster && other.environment !== environment.name)
      .map((other) => [other.host, other]),
  );
  const problems = hostClaims(environment, services).flatMap(({ host, owner, where, hint }): Problem[] => {
    const other = taken.get(host);
    return other
      ? [
          {
            ...where,
            message: `${owner} comes to the host ${host}, which ${other.owner} has in the environment ${other.environment} of the same cluster`,
            hint,
          },
        ]
      : [];
  });
  if (problems.length) throw new ModelError(problems);
}
