import type { LiveObject } from '@berth/kube';
import type { ShownSwarm } from '@berth/orchestrators';
import { observedSwarmService, type ObservedService } from '@berth/routes';
import { LiveRoutes } from '../live-routes';

/** What the gateway makes of the services of a Swarm. Where their tasks answer is nothing that is shown. */
export function swarmRoutes({ environments }: Pick<ShownSwarm, 'environments'>): LiveRoutes {
  const services = new Map<string, ObservedService[]>(
    environments.map(({ name, services: own }) => [
      name,
      own.map(({ routed }) => observedSwarmService(routed)),
    ]),
  );
  const byKey = [...services.values()]
    .flat()
    .map((service) => [`${service.metadata.namespace}/${service.metadata.name}`, asObject(service)] as const);
  const routes = new LiveRoutes();
  routes.take({ services: new Map(byKey), endpointSlices: new Map() }, (environment) =>
    (services.get(environment) ?? []).map(asObject),
  );
  return routes;
}

/** Of the fields that only the API server gives none is read. */
function asObject(service: ObservedService): LiveObject {
  return service as unknown as LiveObject;
}
