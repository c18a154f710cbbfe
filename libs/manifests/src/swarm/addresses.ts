import { isHttp, needVariable, type Service } from '@berth/model';

/**
 * Address of a service inside its environment. Swarm leads a service's name to its tasks themselves, so the port is the
 * one that they listen on: nothing makes port 80 of it, as a Service of Kubernetes does.
 */
export function swarmAddress(service: Service): string | undefined {
  const [first] = service.ports;
  if (!first) return undefined;
  return `${isHttp(first) ? 'http' : 'tcp'}://${service.name}:${first.port}`;
}

/** The variables that a service's needs give it, in the order of `needs`. */
export function swarmNeedVariables(service: Service, services: readonly Service[]): Record<string, string> {
  const byName = new Map(services.map((other) => [other.name, other]));
  return Object.fromEntries(
    service.needs.flatMap((need) => {
      const other = byName.get(need);
      const address = other && swarmAddress(other);
      return address === undefined ? [] : [[needVariable(need), address]];
    }),
  );
}
