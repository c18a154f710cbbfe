import { renderSwarmObjects, type ManifestObject } from '@berth/manifests';
import {
  parseEnvironment,
  parseService,
  resolveEnvironment,
  type Environment,
  type Service,
} from '@berth/model';
import { serverProgram } from '../contract/server';

export const testRendering = { registry: 'localhost:5000/berth' };

/**
 * An environment with services that run the server of the suites.
 * @param node image of Node
 * @param documents what service.json says besides, by name
 */
export function swarmModels(
  name: string,
  node: string,
  documents: Record<string, object>,
): { environment: Environment; services: Service[] } {
  const folder = { name, root: `deploy/environments/${name}` };
  const text = JSON.stringify({ orchestrator: 'swarm', projects: ['*'], ttl: '1h' });
  const environment = parseEnvironment(text, folder, { domain: 'localhost' });
  const services = Object.entries(documents).map(([service, document]) =>
    parseService(
      JSON.stringify({
        image: node,
        command: ['node', '-e', serverProgram],
        env: { SELF: `${name}/${service}` },
        resources: { cpu: '5m', memory: '96Mi' },
        ...document,
      }),
      `apps/${service}/service.json`,
      service,
    ),
  );
  return { environment, services: resolveEnvironment(environment, services) };
}

/** The same as objects. */
export function swarmObjects(
  name: string,
  node: string,
  documents: Record<string, object>,
): ManifestObject[] {
  const { environment, services } = swarmModels(name, node, documents);
  return renderSwarmObjects(environment, services, testRendering);
}
