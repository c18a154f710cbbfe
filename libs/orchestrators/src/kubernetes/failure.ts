import type { WorkloadHealth } from '@berth/deploy';
import { UserError } from '@berth/model';
import { until } from './until';
import { eventTime, type KubeClient, type LiveObject } from '@berth/kube';

const lastLines = 10;
/** Characters of a log line that are shown: a structured one with a stack in it would fill the screen. */
const lineWidth = 300;

/**
 * The error of a workload that will not become healthy: its pod, the event that says why, and its last log lines.
 * @param events those there are at the moment; the one that says why may come after the status that it is about
 */
export async function failure(
  client: KubeClient,
  environment: string,
  health: WorkloadHealth,
  events: () => readonly LiveObject[],
  heading = `${environment}: ${health.object.name} cannot run: ${health.message}`,
): Promise<UserError> {
  const { object, pod, container } = health;
  const lines = [heading];
  if (pod) lines.push(`  pod: ${pod}${container ? `, container ${container}` : ''}`);
  let event: string | undefined;
  await until(async () => (event = lastWarning(events(), pod ?? object.name)) !== undefined, 1000);
  if (event) lines.push(`  event: ${event}`);
  if (pod) {
    const log = await lastLog(client, environment, pod, container);
    if (log.length > 0) lines.push('  last log lines:', ...log.map((line) => `    ${cut(line)}`));
  }
  return new UserError(
    lines.join('\n'),
    pod
      ? `${client.kubectl} -n ${environment} describe pod ${pod}`
      : `${client.kubectl} -n ${environment} describe ${object.kind.toLowerCase()} ${object.name}`,
  );
}

function lastWarning(events: readonly LiveObject[], name: string): string | undefined {
  const about = events
    .filter((event) => {
      const { type, involvedObject } = event as { type?: string; involvedObject?: { name?: string } };
      // A ReplicaSet is named after its Deployment.
      return (
        type === 'Warning' && (involvedObject?.name === name || involvedObject?.name?.startsWith(`${name}-`))
      );
    })
    .sort((one, other) => eventTime(one) - eventTime(other))
    .at(-1) as (LiveObject & { reason?: string; message?: string }) | undefined;
  return about && `${about.reason ?? ''}: ${about.message ?? ''}`;
}

/** Of the container's present run, or of the one before when it has only just begun. */
async function lastLog(
  client: KubeClient,
  environment: string,
  pod: string,
  container: string | undefined,
): Promise<string[]> {
  const options = { tail: lastLines, ...(container ? { container } : {}) };
  const read = (previous: boolean) => client.logs(environment, pod, { ...options, previous }).catch(() => []);
  const current = await read(false);
  // What the node says when it has no log is none of the program's.
  const own = current.filter(
    (line) => !/^(unable to retrieve container logs|failed to (try )?resolv)/i.test(line),
  );
  if (own.length > 0) return own;
  // Between two runs the node may for a moment have the log of neither.
  let previous: string[] = [];
  await until(async () => (previous = await read(true)).length > 0, 1000);
  return previous;
}

function cut(line: string): string {
  return line.length > lineWidth ? `${line.slice(0, lineWidth)}…` : line;
}
