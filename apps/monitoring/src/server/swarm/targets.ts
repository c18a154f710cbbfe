import type { ShownService, ShownSwarm } from '@berth/orchestrators';
import type { EnvironmentRoutes, LiveRoutes } from '../live-routes';
import { pathForm, wayByName, type ServiceName, type Target, type Way } from '../probes/targets';
import { nameOf } from './entries';

/** The port of the nodes at which the gateway answers. */
const gatewayPort = 80;

/**
 * What there is to ask on a Swarm: where services that others reach say that they are ready, and each address that the
 * gateway serves. What is on the network of its environment alone cannot be asked, and what wants no task is not.
 * @param gateway the service of the gateway
 */
export function swarmTargets(
  { environments }: Pick<ShownSwarm, 'environments'>,
  routes: Pick<LiveRoutes, 'of'>,
  gateway: ServiceName,
): Target[] {
  const own = environments.find(({ name }) => name === gateway.namespace);
  const service = own?.services.find((each) => nameOf(each) === gateway.name);
  const toGateway = own && service && wayToGateway(own.name, service);
  return environments.flatMap(({ name, services }) => {
    const running = services.filter(({ health }) => health.wanted > 0);
    const asked = routes
      .of(name)
      .asked.filter(({ service: asks }) => running.some((each) => each.name === asks));
    return [
      ...running.flatMap((each) => healthTarget(name, each)),
      ...(toGateway ? asked.map((route) => addressTarget(name, route, toGateway)) : []),
    ];
  });
}

function healthTarget(environment: string, service: ShownService): Target[] {
  const { name, readiness } = service;
  if (!readiness || !pathForm.test(readiness.path)) return [];
  const way = wayTo(environment, service, readiness.port);
  if (!way) return [];
  const id = `health/${environment}/${name}`;
  return [{ id, environment, service: name, probe: 'health', ...way, path: readiness.path }];
}

function addressTarget(
  environment: string,
  { host, service, path }: EnvironmentRoutes['asked'][number],
  toGateway: Way,
): Target {
  return { id: `address/${host}`, environment, service, probe: 'address', ...toGateway, host, path };
}

function wayToGateway(environment: string, service: ShownService): Way | undefined {
  const http = service.published.find(({ published }) => published === gatewayPort);
  return http && wayTo(environment, service, http.port);
}

/** A service's name leads to its tasks, whose addresses come and go: but they are all on one network. */
function wayTo(environment: string, service: ShownService, port: number): Way | undefined {
  const { network } = service;
  return network === undefined ? undefined : wayByName(nameOf(service), environment, network, port);
}
