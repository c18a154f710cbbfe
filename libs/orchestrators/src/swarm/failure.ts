import { UserError } from '@berth/model';
import type { DockerClient } from './docker/client';
import type { DockerTask } from './docker/objects';
import { byTime, isCurrent, slotOf, type Judgement, type SwarmState } from './health';
import { logLines } from './log-frames';

const lastLines = 10;
/** Characters of a log line that are shown: a structured one with a stack in it would fill the screen. */
const lineWidth = 300;
/** Milliseconds that a node may take to give a log: one that has none may not answer at all. */
const logMs = 3_000;

/** The error of a service that will not become healthy: its task, what Docker says of it, and its last log lines. */
export async function failure(
  client: DockerClient,
  environment: string,
  judgement: Judgement,
  state: SwarmState,
  heading = `${environment}: ${judgement.object.name} cannot run: ${judgement.message}`,
): Promise<UserError> {
  const { service, task, pod } = judgement;
  const lines = [heading];
  if (task) {
    lines.push(`  task: ${pod}${nodeOf(task, state)}`);
    if (task.Status.Err) lines.push(`  docker: ${task.Status.Err}`);
    const log = await lastLog(client, tasksOfSlot(task, judgement, state));
    if (log.length > 0) lines.push('  last log lines:', ...log.map((line) => `    ${cut(line)}`));
  }
  return new UserError(lines.join('\n'), `${client.docker} service ps --no-trunc ${service.Spec.Name}`);
}

/** The newest first: one that was made just now has no log yet. */
function tasksOfSlot(task: DockerTask, { service }: Judgement, { tasks }: SwarmState): DockerTask[] {
  const others = tasks.filter(
    (other) =>
      other.ServiceID === task.ServiceID &&
      other !== task &&
      slotOf(other) === slotOf(task) &&
      isCurrent(other, service),
  );
  return [task, ...others.sort(byTime).reverse()].slice(0, 3);
}

async function lastLog(client: DockerClient, tasks: readonly DockerTask[]): Promise<string[]> {
  for (const task of tasks) {
    if (task.Status.ContainerStatus?.ContainerID === undefined) continue;
    const lines = await logOf(client, task.ID).catch(() => []);
    if (lines.length > 0) return lines;
  }
  return [];
}

async function logOf(client: DockerClient, task: string): Promise<string[]> {
  const signal = AbortSignal.timeout(logMs);
  const query = { stdout: true, stderr: true, tail: lastLines };
  const lines: string[] = [];
  try {
    const stream = await client.stream(`/tasks/${task}/logs`, { query, signal });
    for await (const line of logLines(stream)) lines.push(line);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return lines.slice(-lastLines);
}

function nodeOf({ NodeID }: DockerTask, { nodes }: SwarmState): string {
  const name = nodes.find(({ ID }) => ID === NodeID)?.Description?.Hostname;
  return name === undefined ? '' : `, node ${name}`;
}

function cut(line: string): string {
  return line.length > lineWidth ? `${line.slice(0, lineWidth)}…` : line;
}
