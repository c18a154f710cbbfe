import { hostOf, publicPorts, UserError, type Environment, type Service } from '@berth/model';
import type { EnvironmentModels } from './environment-of';
import { environmentNames, readEnvironment, readServices } from '../workspace/models';

/** The environment of a cluster's gateway, and what its service and its ports are called there. */
export const gateway = { environment: 'admin', service: 'gateway', port: 'http', statusPort: 8083 };
const httpPort = 80;

type Models = Pick<EnvironmentModels, 'environment' | 'files' | 'options' | 'projects'>;

/** Where the gateway answers for the public ports of the services. */
export function addressesOf(models: Models, services: readonly Service[]): string[] {
  const port = gatewayPort(models);
  return services.flatMap((service) =>
    publicPorts(service).map((each) => addressOf(hostOf(service, each, models.environment), port)),
  );
}

function addressOf(host: string, port: number): string {
  return `http://${host}${port === httpPort ? '' : `:${port}`}/`;
}

/** At the nodes themselves, where it listens there; a load balancer in front of it has the port of http. */
function gatewayPort({ environment, files, options, projects }: Models): number {
  if (!environmentNames(files).includes(gateway.environment)) return httpPort;
  let admin: Environment;
  let services: readonly Service[];
  try {
    admin = readEnvironment(files, gateway.environment, options, { local: true });
    services = readServices(files, admin, projects);
  } catch (error) {
    // Its own deploy says what is wrong with it.
    if (error instanceof UserError) return httpPort;
    throw error;
  }
  if (admin.cluster !== environment.cluster) return httpPort;
  const ports = services.find(({ name }) => name === gateway.service)?.ports;
  return ports?.find(({ name }) => name === gateway.port)?.nodePort ?? httpPort;
}
