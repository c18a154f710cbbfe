import { testEnvironment, testServices } from '@berth/manifests/src/testing-models';
import type { ResolvedEnvironment } from '@berth/metrics';

/** An environment of the services of these documents, as its files would say it. */
export function environmentOf(name: string, services: Readonly<Record<string, object>>): ResolvedEnvironment {
  const environment = testEnvironment({ projects: Object.keys(services) }, name);
  return { environment, services: testServices(environment, services) };
}
