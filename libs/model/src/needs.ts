import { isHttp } from './hosts';
import type { Service } from './service';

/** The variable in which a service finds the address of one it needs: `price-feed` gives `PRICE_FEED_URL`. */
export function needVariable(need: string): string {
  return `${need.toUpperCase().replaceAll('-', '_')}_URL`;
}

/**
 * Address of a service inside its environment: `http://<name>` (port 80 leads to the first HTTP port) when its first
 * port speaks HTTP, else `tcp://<name>:<port>`; undefined when it has no port.
 */
export function addressOf(service: Service): string | undefined {
  const first = service.ports[0];
  if (!first) return undefined;
  return isHttp(first) ? `http://${service.name}` : `tcp://${service.name}:${first.port}`;
}

/** The variables that a service's needs give it, in the order of `needs`. */
export function needVariables(service: Service, services: readonly Service[]): Record<string, string> {
  const byName = new Map(services.map((other) => [other.name, other]));
  const variables: Record<string, string> = {};
  for (const need of service.needs) {
    const other = byName.get(need);
    const address = other && addressOf(other);
    if (address !== undefined) variables[needVariable(need)] = address;
  }
  return variables;
}
