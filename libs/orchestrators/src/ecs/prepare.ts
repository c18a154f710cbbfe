import { setTimeout as delay } from 'node:timers/promises';
import type { PrepareOptions } from '@berth/deploy';
import { stackName } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { named } from './aws-error';
import { isInProgress, readStack, type StackState } from './stack';

const standardMs = 120_000;

/**
 * Waits until what an earlier command has set going is over. The stack itself is made by its first change set. The shell of
 * one whose creation failed goes: CloudFormation changes it no more.
 * @throws UserError when it takes too long
 */
export async function prepare(
  aws: Aws,
  environment: string,
  { timeoutMs = standardMs, onNotice, signal }: PrepareOptions,
  pollMs: number,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  let told = '';
  for (;;) {
    signal?.throwIfAborted();
    const stack = await readStack(aws, environment);
    if (stack?.status === 'ROLLBACK_COMPLETE') {
      onNotice?.(`Removes the empty stack ${stackName(environment)}, whose creation has failed.`);
      const cloudFormation = await aws.cloudFormation();
      await cloudFormation.deleteStack({ StackName: stackName(environment) });
    } else if (!stack || !isInProgress(stack)) return;
    else if (stack.status !== told) {
      told = stack.status;
      onNotice?.(
        `The stack ${stackName(environment)} is ${told}: waits until CloudFormation is done with it.`,
      );
    }
    if (performance.now() > end) throw busy(aws, environment, stack, timeoutMs);
    await delay(pollMs, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
}

function busy(aws: Aws, environment: string, { status }: StackState, timeoutMs: number): UserError {
  return new UserError(
    `The stack ${stackName(environment)} is still ${status} after ${Math.round(timeoutMs / 1000)} s.`,
    `aws cloudformation describe-stack-events --stack-name ${stackName(environment)} ${named(aws.settings)} shows what it waits for; then run the same command again.`,
  );
}
