import { hasHttps, hostOf, outerPort, publicPorts, type Cluster, type Service } from '@berth/model';
import type { EnvironmentModels } from './environment-of';
import { gateway, gatewayOf } from './gateway';

const httpPort = 80;

type Models = Pick<EnvironmentModels, 'environment' | 'files' | 'options' | 'projects'> & {
  cluster: Pick<Cluster, 'ecs'>;
};

/** Where the gateway, or a load balancer of AWS, answers for the public ports of the services. */
export function addressesOf(models: Models, services: readonly Service[]): string[] {
  const urlOf = urlsOf(models);
  return services.flatMap((service) =>
    publicPorts(service).map((each) => urlOf(hostOf(service, each, models.environment))),
  );
}

function urlsOf(models: Models): (host: string) => string {
  const { environment, cluster } = models;
  if (environment.orchestrator === 'ecs') {
    const scheme = cluster.ecs && hasHttps(cluster.ecs) ? 'https' : 'http';
    return (host) => `${scheme}://${host}/`;
  }
  const port = gatewayPort(models);
  return (host) => `http://${host}${port === httpPort ? '' : `:${port}`}/`;
}

/** At the nodes themselves, where nothing in front of them has the ports of service.json. */
function gatewayPort(models: Models): number {
  const found = gatewayOf(models, models.environment);
  const number = found?.service.ports.find(({ name }) => name === gateway.port)?.nodePort;
  if (number === undefined) return httpPort;
  // Docker opens any port of a node.
  if (models.environment.orchestrator === 'swarm') return number;
  return found?.cluster ? outerPort(found.cluster, number) : number;
}
