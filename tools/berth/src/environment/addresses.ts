import { hostOf, publicPorts, type Environment, type Service } from '@berth/model';

/** Where the gateway answers for the public ports of the services. */
export function addressesOf(environment: Environment, services: readonly Service[]): string[] {
  return services.flatMap((service) =>
    publicPorts(service).map((port) => `http://${hostOf(service, port, environment)}/`),
  );
}
