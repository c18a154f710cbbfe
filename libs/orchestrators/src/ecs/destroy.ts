import { setTimeout as delay } from 'node:timers/promises';
import type { DestroyOptions, ObjectReference } from '@berth/deploy';
import { parameterPath, stackName, STACK_API_VERSION } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { named } from './aws-error';
import { eventsSince, firstCause } from './events';
import { acquireLease, leaseParameter } from './lease';
import { observe } from './observe';
import { deleteParameters, parametersBelow } from './parameters';
import { stackReference } from './plan';
import { prepare } from './prepare';
import { readStack } from './stack';

const limitMs = 900_000;

/** Everything that would go: the stack with its resources, volumes too, and the parameters beside it. */
export async function planDestroy(aws: Aws, environment: string): Promise<ObjectReference[]> {
  const [{ stack, inventory }, parameters] = await Promise.all([
    observe(aws, environment),
    parametersBelow(aws, parameterPath(environment)),
  ]);
  const kept = parameters.filter(({ name }) => name !== leaseParameter(environment));
  return [
    ...inventory,
    ...kept.map(({ name }) => ({ apiVersion: STACK_API_VERSION, kind: 'AWS::SSM::Parameter', name })),
    ...(stack ? [stackReference(environment)] : []),
  ];
}

/**
 * Has CloudFormation delete the stack, waits for its end, and deletes the parameters.
 * @returns false when it stays, since `onlyIf` said so
 * @throws UserError with the first cause when the stack stays
 */
export async function destroy(
  aws: Aws,
  environment: string,
  holder: string,
  { onProgress, onlyIf = async () => true }: DestroyOptions,
  pollMs: number,
): Promise<boolean> {
  const there = await planDestroy(aws, environment);
  if (there.length === 0) return true;
  // Not while somebody deploys.
  const lease = await acquireLease(aws, environment, holder);
  try {
    if (!(await onlyIf())) return false;
    await prepare(aws, environment, { ...(onProgress ? { onNotice: onProgress } : {}) }, pollMs);
    await deleteStack(aws, environment, onProgress, pollMs);
  } finally {
    await lease.release();
  }
  const parameters = await parametersBelow(aws, parameterPath(environment));
  await deleteParameters(
    aws,
    parameters.map(({ name }) => name),
  );
  return true;
}

async function deleteStack(
  aws: Aws,
  environment: string,
  onProgress: ((message: string) => void) | undefined,
  pollMs: number,
): Promise<void> {
  const stack = await readStack(aws, environment);
  if (!stack) return;
  const execution = { token: `berth-destroy-${Date.now()}`, startedAt: new Date() };
  const cloudFormation = await aws.cloudFormation();
  await cloudFormation.deleteStack({ StackName: stack.id, ClientRequestToken: execution.token });
  let told = '';
  for (const end = performance.now() + limitMs; ;) {
    const now = await readStack(aws, environment);
    if (!now || now.id !== stack.id) return;
    const events = await eventsSince(aws, environment, execution, stack.id);
    const cause = now.status === 'DELETE_FAILED' ? firstCause(events) : undefined;
    const why = cause ? `: ${cause.logicalId} (${cause.type}): ${cause.reason}` : '';
    if (now.status === 'DELETE_FAILED' || performance.now() > end)
      throw new UserError(
        `The stack ${stackName(environment)} is ${now.status}${why}${cause ? '' : ` (${now.reason ?? 'no reason is told'})`}.`,
        `Put right what keeps it, then run the same command again: aws cloudformation describe-stack-events --stack-name ${stack.id} ${named(aws.settings)}`,
      );
    const newest = events.at(-1);
    const progress = newest ? `${newest.logicalId} is ${newest.status}` : '';
    if (progress && progress !== told) onProgress?.(progress);
    told = progress;
    await delay(pollMs);
  }
}
