import { renderSwarmObjects, type ManifestObject } from '@berth/manifests';
import { testEnvironment, testServices } from '@berth/manifests/src/testing-models';
import type { Environment, Service } from '@berth/model';
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
  const environment = testEnvironment({ orchestrator: 'swarm', projects: ['*'], ttl: '1h' }, name);
  const common = (service: string) => ({
    image: node,
    command: ['node', '-e', serverProgram],
    env: { SELF: `${name}/${service}` },
    resources: { cpu: '5m', memory: '96Mi' },
  });
  const whole = Object.entries(documents).map(([service, document]) => [
    service,
    { ...common(service), ...document },
  ]);
  return { environment, services: testServices(environment, Object.fromEntries(whole)) };
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
