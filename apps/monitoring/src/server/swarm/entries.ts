import type { ShownEnvironment, ShownService, ShownSwarm } from '@berth/orchestrators';
import {
  environmentKey,
  serviceKey,
  type Entry,
  type EnvironmentEntry,
  type ServiceEntry,
} from '../../entries';
import { listOf } from '../environment-entries';
import type { EnvironmentRoutes, LiveRoutes } from '../live-routes';
import type { Failures } from '../table';

/** The table of a Swarm, by key. */
export function swarmEntries(
  { environments }: Pick<ShownSwarm, 'environments'>,
  routes: Pick<LiveRoutes, 'of'>,
  failures: Failures,
): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const environment of environments) {
    const own = routes.of(environment.name);
    entries.set(environmentKey(environment.name), environmentEntry(environment, own));
    for (const service of environment.services) {
      const entry = serviceEntry(environment.name, service, own, failures);
      entries.set(serviceKey(entry), entry);
    }
  }
  return entries;
}

function environmentEntry(environment: ShownEnvironment, { refused }: EnvironmentRoutes): EnvironmentEntry {
  const { name, createdAt, ttl, expiresAt, deploys, deploying } = environment;
  const [lastDeploy] = deploys;
  return {
    name,
    createdAt,
    // What is being removed goes one after the other, and nothing says so beforehand.
    ending: false,
    protected: environment.protected,
    ...(ttl === undefined ? {} : { ttl }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(lastDeploy ? { lastDeploy } : {}),
    ...(deploying ? { deploying } : {}),
    refused: [...refused],
  };
}

function serviceEntry(
  environment: string,
  service: ShownService,
  { hosts, ports }: EnvironmentRoutes,
  failures: Failures,
): ServiceEntry {
  const { name, health, images, routed, published } = service;
  const failing = failures.get(`${environment}/${name}`);
  const opened = published.map((port) => `${port.name} ${port.port}`.trim());
  return {
    environment,
    service: name,
    kind: swarmKind,
    name: nameOf(service),
    state: health.state,
    ready: health.ready,
    wanted: health.wanted,
    message: messageOf(service),
    images: [...images],
    createdAt: routed.createdAt,
    hosts: listOf(hosts, name),
    ports: [...new Set([...listOf(ports, name), ...opened])].sort(),
    ...(failing && { failing: [...failing] }),
  };
}

/** What a Swarm calls what runs a service. */
export const swarmKind = 'Service';

/** Docker's name without the environment in front of it. */
export function nameOf({ routed }: Pick<ShownService, 'routed'>): string {
  return routed.name.slice(routed.name.indexOf('_') + 1);
}

/** An update that has stopped at a failure leaves the tasks of before: that stays so when the failure is history. */
function messageOf({ health: { state, message }, update }: ShownService): string {
  const hasStopped = state !== 'healthy' && update?.state === 'paused';
  return [message, hasStopped ? 'its update has stopped' : ''].filter((part) => part !== '').join('; ');
}
