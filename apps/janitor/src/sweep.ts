import { destroyIfExpired, type Destroying, type Expiring } from '@berth/deploy';

/** Says one thing, with its values as fields. */
export interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Removes every environment whose ttl is over, one after the other. One that cannot be removed stays until the next
 * time, and does not keep the others.
 * @returns whether all went well
 */
export async function sweep(
  target: Pick<Destroying, 'destroy'> & Expiring,
  now: () => Date,
  log: Log,
  signal: AbortSignal,
): Promise<boolean> {
  let well = true;
  const failed = (environment: string, error: Error) => {
    well = false;
    log.error({ environment, error: error.message }, 'stays; remove it with nx run berth:destroy --env');
  };
  for (const { environment, ttl, deployedAt } of await target.expired(now(), failed)) {
    if (signal.aborted) break;
    try {
      const gone = await destroyIfExpired(target, environment, now);
      log.info({ environment, ttl, deployedAt }, gone ? 'removed' : 'stays: it was deployed again meanwhile');
    } catch (error) {
      failed(environment, error as Error);
    }
  }
  return well;
}
