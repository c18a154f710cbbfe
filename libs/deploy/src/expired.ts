import type { Destroying, DestroyOptions, Expiring } from './orchestrator';

/**
 * Removes an environment if its ttl is still over once nobody else can deploy to it any more.
 * @returns false when it was deployed again meanwhile, and stays
 */
export function destroyIfExpired(
  target: Pick<Destroying, 'destroy'> & Expiring,
  environment: string,
  now: () => Date,
  options: Omit<DestroyOptions, 'onlyIf'> = {},
): Promise<boolean> {
  return target.destroy(environment, {
    ...options,
    onlyIf: async () => {
      const unknown = new Map<string, Error>();
      const found = await target.expired(now(), (name, error) => unknown.set(name, error));
      // Of another environment nobody needs to know here.
      const error = unknown.get(environment);
      if (error) throw error;
      return found.some((expired) => expired.environment === environment);
    },
  });
}
