/* Only tests use this. */
import { parseEnvironment, parseService, resolveEnvironment } from '@berth/model';
import type { ResolvedEnvironment } from './files';

/** An environment of the services of these documents, through the parser, so that they are what files can say. */
export function testEnvironment(
  name: string,
  services: Readonly<Record<string, object>>,
  document: object = {},
): ResolvedEnvironment {
  const environment = parseEnvironment(
    JSON.stringify({ projects: Object.keys(services), ...document }),
    { name, root: `deploy/environments/${name}` },
    { domain: 'localhost' },
  );
  const parsed = Object.entries(services).map(([service, written]) =>
    parseService(JSON.stringify(written), `apps/${service}/service.json`, service),
  );
  return { environment, services: resolveEnvironment(environment, parsed) };
}

/** A port that the gateway gives an address. */
export const publicPort = (appProtocol = 'http') => ({
  name: appProtocol,
  port: 8080,
  appProtocol,
  public: true,
});
