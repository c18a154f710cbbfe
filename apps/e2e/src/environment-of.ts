import type { ResolvedEnvironment } from '@berth/metrics';
import { parseEnvironment, parseService, resolveEnvironment } from '@berth/model';

/** An environment of the services of these documents, as its files would say it. */
export function environmentOf(name: string, services: Readonly<Record<string, object>>): ResolvedEnvironment {
  const environment = parseEnvironment(
    JSON.stringify({ projects: Object.keys(services) }),
    { name, root: `deploy/environments/${name}` },
    { domain: 'localhost' },
  );
  const parsed = Object.entries(services).map(([service, document]) =>
    parseService(JSON.stringify(document), `apps/${service}/service.json`, service),
  );
  return { environment, services: resolveEnvironment(environment, parsed) };
}
