import { testEnvironment, testServices } from '@berth/manifests/src/testing-models';
import type { ResolvedEnvironment } from '@berth/metrics';

/**
 * An environment of the services of these documents, as its files would say it.
 * @param document what else its env.json says
 */
export function environmentOf(
  name: string,
  services: Readonly<Record<string, object>>,
  document: object = {},
): ResolvedEnvironment {
  const environment = testEnvironment({ projects: Object.keys(services), ...document }, name);
  return { environment, services: testServices(environment, services) };
}
