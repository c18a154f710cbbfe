import type { Task } from '@aws-sdk/client-ecs';
import { FOLDERS_CONTAINER, logGroupName } from '@berth/manifests';
import type { Aws } from './aws';
import { isAwsError } from './aws-error';

/** Tasks that one request tells of. */
const atOnce = 100;
const lastLines = 10;
/** Characters of a log line that are shown: a structured one with a stack in it would fill the screen. */
const lineWidth = 300;

/** Tasks of one ECS service. @param state `STOPPED`: those of the last hour, which is as long as ECS tells of them */
export async function tasksOf(aws: Aws, arn: string, state: 'RUNNING' | 'STOPPED'): Promise<Task[]> {
  const ecs = await aws.ecs();
  const { cluster } = aws.settings;
  const { taskArns = [] } = await ecs.listTasks({
    cluster,
    serviceName: arn,
    desiredStatus: state,
    maxResults: atOnce,
  });
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ecs.describeTasks({ cluster, tasks: taskArns });
  return tasks;
}

/** What a stopped task says of its end, and the container to look at. */
export interface TaskEnd {
  task: string;
  container?: string;
  why: string;
}

/** Why the newest of these stopped tasks has stopped by itself; undefined when none did. Pure. */
export function taskEnd(tasks: readonly Task[]): TaskEnd | undefined {
  const own = tasks
    // A deploy and a smaller number stop tasks too.
    .filter(
      ({ stopCode, stoppedReason = '' }) =>
        stopCode !== 'ServiceSchedulerInitiated' || /health/i.test(stoppedReason),
    )
    .sort((one, other) => (other.stoppedAt?.getTime() ?? 0) - (one.stoppedAt?.getTime() ?? 0));
  const [task] = own;
  if (!task) return undefined;
  const failed =
    task.containers?.find(({ exitCode, name }) => (exitCode ?? 0) !== 0 && name !== FOLDERS_CONTAINER) ??
    task.containers?.find(({ reason }) => reason);
  const parts = [
    task.stoppedReason,
    failed?.reason,
    failed?.exitCode === undefined ? undefined : `exit code ${failed.exitCode}`,
  ].filter((part, index, all) => part && all.indexOf(part) === index);
  return {
    task: idOf(task),
    ...(failed?.name ? { container: failed.name } : {}),
    why: parts.join('; ') || 'it says no reason',
  };
}

/** The last part of a task's ARN. */
export function idOf({ taskArn = '' }: Pick<Task, 'taskArn'>): string {
  return taskArn.split('/').at(-1) ?? '';
}

/** The stream of one container's lines, as the log driver names it. */
export function logStream(container: string, task: string): string {
  return `task/${container}/${task}`;
}

/** The last lines that a container has put out; none when it came to none. */
export async function lastLog(
  aws: Aws,
  environment: string,
  service: string,
  container: string,
  task: string,
): Promise<string[]> {
  const logs = await aws.logs();
  try {
    const { events = [] } = await logs.getLogEvents({
      logGroupName: logGroupName(environment, service),
      logStreamName: logStream(container, task),
      limit: lastLines,
      startFromHead: false,
    });
    return events.map(({ message = '' }) =>
      message.length > lineWidth ? `${message.slice(0, lineWidth)}…` : message,
    );
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return [];
    throw error;
  }
}
