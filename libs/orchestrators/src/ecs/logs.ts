import { setTimeout as delay } from 'node:timers/promises';
import type { LogLine, LogRequest } from '@berth/deploy';
import { logGroupName } from '@berth/manifests';
import type { Aws } from './aws';
import { isAwsError } from './aws-error';
import { deployedServices } from './deployed-services';

/** Milliseconds for which lines that came are looked for again: CloudWatch takes some late. */
const lateMs = 10_000;

interface Entry {
  id: string;
  at: number;
  line: LogLine;
}

/**
 * What containers have put out, in the order of its time; then what comes, when it is asked for.
 * @param pollMs milliseconds between two looks
 * @throws UserError when there is no such service
 */
export async function logs(
  aws: Aws,
  environment: string,
  { services, follow, sinceSeconds, onLine, signal }: LogRequest,
  pollMs: number,
): Promise<void> {
  const { services: deployed } = await deployedServices(aws, environment, services);
  const names = deployed.map(({ name }) => name);
  /** Ids of lines that were passed on and may come again. */
  const passed = new Map<string, number>();
  let since = sinceSeconds === undefined ? 0 : Date.now() - sinceSeconds * 1000;
  for (;;) {
    const found = await Promise.all(names.map((name) => entriesOf(aws, environment, name, since, signal)));
    const entries = found.flat().sort((one, other) => one.at - other.at);
    for (const { id, at, line } of entries) {
      if (signal?.aborted) return;
      if (passed.has(id)) continue;
      await onLine(line);
      passed.set(id, at);
    }
    if (!follow || signal?.aborted) return;
    since = Math.max(since, (entries.at(-1)?.at ?? since) - lateMs);
    for (const [id, at] of passed) if (at < since) passed.delete(id);
    await delay(pollMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    if (signal?.aborted) return;
  }
}

async function entriesOf(
  aws: Aws,
  environment: string,
  service: string,
  since: number,
  signal: AbortSignal | undefined,
): Promise<Entry[]> {
  const client = await aws.logs();
  const entries: Entry[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const page = await client.filterLogEvents({
        logGroupName: logGroupName(environment, service),
        ...(since > 0 ? { startTime: since } : {}),
        ...(nextToken ? { nextToken } : {}),
      });
      for (const { eventId = '', timestamp = 0, message = '', logStreamName = '' } of page.events ?? []) {
        const [, container = service, pod = logStreamName] = logStreamName.split('/');
        const line = { service, pod, container, text: message.replace(/\n$/, '') };
        entries.push({ id: `${service}/${eventId}`, at: timestamp, line });
      }
      nextToken = page.nextToken;
    } while (nextToken && !signal?.aborted);
  } catch (error) {
    // Made with the service, and gone with it.
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
  }
  return entries;
}
