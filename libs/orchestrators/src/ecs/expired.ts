import type { Stack } from '@aws-sdk/client-cloudformation';
import type { ExpiredEnvironment } from '@berth/deploy';
import { ENVIRONMENT_TAG, PROTECTED_TAG, TTL_TAG } from '@berth/manifests';
import { durationMs } from '@berth/model';
import type { Aws } from './aws';
import { records } from './records';
import { stateOf, type StackState } from './stack';

/**
 * The environments whose last deploy is longer ago than their `ttl` allows: the tags of their stacks say what it is.
 * @param onUnknown told of an environment of which it cannot be said; without it that is an error
 */
export async function expired(
  aws: Aws,
  now: Date,
  onUnknown?: (environment: string, error: Error) => void,
): Promise<ExpiredEnvironment[]> {
  const stacks = await allStacks(aws);
  const found = await Promise.all(
    stacks.map(async (stack) => {
      const environment = stack.tags[ENVIRONMENT_TAG];
      if (environment === undefined || stack.tags[TTL_TAG] === undefined) return undefined;
      try {
        const [last] = await records(aws, environment);
        return expiryOf(environment, stack, last?.finishedAt, now);
      } catch (error) {
        if (!onUnknown) throw error;
        onUnknown(environment, error as Error);
        return undefined;
      }
    }),
  );
  return found
    .filter((environment) => environment !== undefined)
    .sort((one, other) => (one.environment < other.environment ? -1 : 1));
}

/** @param lastDeploy RFC 3339; the stack's own age counts while there was none @returns undefined as long as it stays. Pure. */
export function expiryOf(
  environment: string,
  { tags, createdAt }: Pick<StackState, 'tags' | 'createdAt'>,
  lastDeploy: string | undefined,
  now: Date,
): ExpiredEnvironment | undefined {
  const ttl = tags[TTL_TAG] ?? '';
  const limit = durationMs(ttl);
  if (limit === undefined || tags[PROTECTED_TAG] === 'true') return undefined;
  const deployedAt = lastDeploy ?? createdAt.toISOString();
  return now.getTime() < Date.parse(deployedAt) + limit ? undefined : { environment, ttl, deployedAt };
}

async function allStacks(aws: Aws): Promise<StackState[]> {
  const cloudFormation = await aws.cloudFormation();
  const stacks: Stack[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.describeStacks(NextToken ? { NextToken } : {});
    stacks.push(...(page.Stacks ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return stacks.map(stateOf);
}
