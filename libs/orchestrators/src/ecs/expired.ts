import type { Stack } from '@aws-sdk/client-cloudformation';
import type { ExpiredEnvironment } from '@berth/deploy';
import { ENVIRONMENT_TAG, PROTECTED_TAG, TTL_TAG } from '@berth/manifests';
import { expiredAmong, ifOver } from '../expired-environments';
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
  const stacks = (await allStacks(aws)).flatMap((stack) => {
    const environment = stack.tags[ENVIRONMENT_TAG];
    return environment === undefined || stack.tags[TTL_TAG] === undefined ? [] : [{ environment, stack }];
  });
  return expiredAmong(
    stacks,
    ({ environment }) => environment,
    async ({ environment, stack }) => {
      const [last] = await records(aws, environment);
      return expiryOf(environment, stack, last?.finishedAt, now);
    },
    onUnknown,
  );
}

/** @param lastDeploy RFC 3339; the stack's own age counts while there was none @returns undefined as long as it stays. Pure. */
export function expiryOf(
  environment: string,
  { tags, createdAt }: Pick<StackState, 'tags' | 'createdAt'>,
  lastDeploy: string | undefined,
  now: Date,
): ExpiredEnvironment | undefined {
  const ttl = tags[TTL_TAG] ?? '';
  if (tags[PROTECTED_TAG] === 'true') return undefined;
  return ifOver({ environment, ttl, deployedAt: lastDeploy ?? createdAt.toISOString() }, now);
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
