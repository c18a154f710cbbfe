import { durationMs } from '@berth/model';
import type { Destroying, DestroyOptions, Expiring } from './orchestrator';

/**
 * When an environment's time is over; undefined when it never is.
 * @param ttl as a person wrote it; one that is none has no end
 * @param deployedAt RFC 3339; what is no time has no end either, so that nothing is removed for a slip of the pen
 */
export function endOfLife(ttl: string | undefined, deployedAt: string): Date | undefined {
  const limit = durationMs(ttl ?? '');
  const end = limit === undefined ? NaN : Date.parse(deployedAt) + limit;
  return Number.isNaN(end) ? undefined : new Date(end);
}

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
