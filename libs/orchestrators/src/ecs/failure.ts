import { stackName } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { named } from './aws-error';
import type { Execution } from './apply';
import { eventsSince, firstCause } from './events';
import { ECS_SERVICE } from './kinds';
import { lastLog, taskEnd, tasksOf } from './tasks';

/** The ECS services of an environment: by logical id, whose they are and their ARN. */
export type ServiceNames = ReadonlyMap<string, string>;

/** The error of a stack that was rolled back: its first cause, and of a service the task's end and last log lines. */
export async function stackFailure(
  aws: Aws,
  environment: string,
  execution: Execution,
  names: ServiceNames,
  { status, id }: { status: string; id: string },
): Promise<UserError> {
  const cause = firstCause(await eventsSince(aws, environment, execution, id));
  const service = cause?.type === ECS_SERVICE ? names.get(cause.logicalId) : undefined;
  if (service !== undefined && cause)
    return serviceFailure(aws, environment, { service, arn: cause.physicalId, why: cause.reason });
  return new UserError(
    cause
      ? `${environment}: ${cause.logicalId} (${cause.type}) failed: ${cause.reason}`
      : `${environment}: the stack is ${status}, and its events say no cause.`,
    `aws cloudformation describe-stack-events --stack-name ${stackName(environment)} ${named(aws.settings)}`,
  );
}

/** The error of a service whose tasks do not stay. */
export async function serviceFailure(
  aws: Aws,
  environment: string,
  { service, arn, why }: { service: string; arn: string; why: string },
  heading = `${environment}: ${service} cannot run: ${why}`,
): Promise<UserError> {
  const lines = [heading];
  // What cannot be read of it any more must not hide the failure itself.
  const end = arn ? await tasksOf(aws, arn, 'STOPPED').then(taskEnd, () => undefined) : undefined;
  if (end) {
    lines.push(
      `  task: ${end.task}${end.container ? `, container ${end.container}` : ''}`,
      `  stopped: ${end.why}`,
    );
    const log = await lastLog(aws, environment, service, end.container ?? service, end.task).catch(() => []);
    if (log.length > 0) lines.push('  last log lines:', ...log.map((line) => `    ${line}`));
  }
  const { cluster } = aws.settings;
  return new UserError(
    lines.join('\n'),
    end
      ? `aws ecs describe-tasks --cluster ${cluster} --tasks ${end.task} ${named(aws.settings)}`
      : `aws ecs describe-services --cluster ${cluster} --services ${arn || service} ${named(aws.settings)}`,
  );
}
