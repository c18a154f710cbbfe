import type { EcsSettings } from './cluster';

/** Whether public services of environments on ECS answer over HTTPS. */
export function hasHttps({ loadBalancer }: Pick<EcsSettings, 'loadBalancer'>): boolean {
  if (!loadBalancer) return false;
  return loadBalancer.kind === 'shared' ? loadBalancer.tls : loadBalancer.certificate !== undefined;
}
