import { isSharedOnSwarm, SHARED_NETWORK } from '@berth/manifests';
import type { Environment, Service } from '@berth/model';
import type { ResolvedEnvironment } from './files';
import { GATEWAY, METRICS_PORT, type ScrapeConfigs } from './scrape';

/** A port of a service at which Prometheus asks. */
interface Place {
  environment: string;
  service: string;
  port: number;
}

/**
 * Finds on a Swarm the tasks of all services that have a port `metrics` and are on the network of all environments, where
 * Prometheus has to be too: by Docker's DNS, which leads a name to each task, so that nobody needs dockerd's socket. The
 * labels are those of renderScrapeConfigs; `pod` is a task's address.
 * @param home the environment of the gateway
 */
export function renderSwarmScrapeConfigs(
  environments: readonly ResolvedEnvironment[],
  home: Environment,
): ScrapeConfigs {
  const places = onSameSwarm(environments, home).flatMap(placesOf);
  const job = (name: string, own: readonly Place[], more: object = {}): object[] =>
    own.length === 0
      ? []
      : [{ job_name: name, ...more, dns_sd_configs: byPort(own), relabel_configs: labels() }];
  return {
    scrape_configs: [
      // Whose requests the gateway has counted is in its own labels.
      ...job(
        'berth',
        places.filter(({ environment }) => environment === home.name),
        { honor_labels: true },
      ),
      ...job(
        'berth-services',
        places.filter(({ environment }) => environment !== home.name),
      ),
    ],
  };
}

/** Services with a port `metrics` that no Prometheus reaches there, as `<environment>/<service>`. */
export function unreachedOnSwarm(environments: readonly ResolvedEnvironment[], home: Environment): string[] {
  return onSameSwarm(environments, home).flatMap(({ environment, services }) =>
    services
      .filter((service) => hasMetrics(service) && !isSharedOnSwarm(environment, service))
      .map(({ name }) => `${environment.name}/${name}`),
  );
}

function onSameSwarm(
  environments: readonly ResolvedEnvironment[],
  { orchestrator, cluster }: Environment,
): ResolvedEnvironment[] {
  return environments.filter(
    ({ environment }) => environment.orchestrator === orchestrator && environment.cluster === cluster,
  );
}

function hasMetrics({ ports }: Service): boolean {
  return ports.some(({ name }) => name === METRICS_PORT);
}

function placesOf({ environment, services }: ResolvedEnvironment): Place[] {
  return services
    .filter((service) => isSharedOnSwarm(environment, service))
    .flatMap(({ name: service, ports }) =>
      ports
        .filter(({ name }) => name === METRICS_PORT || (service === GATEWAY.service && name === GATEWAY.port))
        .map(({ port }) => ({ environment: environment.name, service, port })),
    );
}

/**
 * With the network at its end a name is Docker's own. Without, it would ask others for what it does not know, and
 * `shop.dev` is a name of theirs too.
 */
function byPort(places: readonly Place[]): object[] {
  const ports = [...new Set(places.map(({ port }) => port))].sort((one, other) => one - other);
  return ports.map((port) => ({
    names: places
      .filter((place) => place.port === port)
      .map(({ environment, service }) => `${service}.${environment}.${SHARED_NETWORK}`),
    type: 'A',
    port,
  }));
}

function labels(): object[] {
  const name = {
    source_labels: ['__meta_dns_name'],
    regex: `([^.]+)\\.([^.]+)\\.${SHARED_NETWORK}`,
  };
  return [
    { ...name, target_label: 'service', replacement: '$1' },
    { ...name, target_label: 'environment', replacement: '$2' },
    { source_labels: ['__address__'], regex: '(.+):[0-9]+', target_label: 'pod', replacement: '$1' },
  ];
}
