import { endOfLife, type ExpiredEnvironment } from '@berth/deploy';

/** The environment when its time is over; undefined as long as it stays, and for a `ttl` that is none. */
export function ifOver(environment: ExpiredEnvironment, now: Date): ExpiredEnvironment | undefined {
  const end = endOfLife(environment.ttl, environment.deployedAt);
  return end === undefined || now < end ? undefined : environment;
}

/**
 * What has expired of these, sorted by name.
 * @param all what there is of each environment
 * @param look the environment, undefined as long as it stays
 * @param onUnknown told of an environment of which it cannot be said; without it that is an error
 */
export async function expiredAmong<Each>(
  all: readonly Each[],
  nameOf: (each: Each) => string,
  look: (each: Each) => Promise<ExpiredEnvironment | undefined>,
  onUnknown: ((environment: string, error: Error) => void) | undefined,
): Promise<ExpiredEnvironment[]> {
  const found = await Promise.all(
    all.map((each) =>
      look(each).catch((error: Error) => {
        if (!onUnknown) throw error;
        onUnknown(nameOf(each), error);
        return undefined;
      }),
    ),
  );
  return found
    .filter((environment) => environment !== undefined)
    .sort((one, other) => (one.environment < other.environment ? -1 : 1));
}
