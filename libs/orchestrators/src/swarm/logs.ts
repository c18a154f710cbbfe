import type { LogLine, LogRequest } from '@berth/deploy';
import { notDeployed, refuseUnknownService } from '../deployed';
import type { DockerClient } from './docker/client';
import type { DockerService } from './docker/objects';
import { shortName, taskName } from './health';
import { logLines } from './log-frames';
import { readState } from './read-state';

interface TimedLine {
  time: string;
  line: LogLine;
}

/** What services have put out: in the order of its time, and with `follow` what comes, as it comes. */
export async function logs(
  client: DockerClient,
  environment: string,
  { services: names, follow = false, sinceSeconds, onLine, signal }: LogRequest,
): Promise<void> {
  const state = await readState(client, environment);
  if (state.services.length === 0) throw notDeployed(environment);
  refuseUnknownService(environment, names, state.services.map(shortName).sort());
  const chosen = state.services.filter(
    (service) => names === undefined || names.includes(shortName(service)),
  );
  const nameOfTask = new Map(
    state.tasks.map((task) => {
      const service = state.services.find(({ ID }) => ID === task.ServiceID) as DockerService;
      return [task.ID, taskName(service, task)];
    }),
  );
  const since = sinceSeconds === undefined ? 0 : Math.floor(client.now().getTime() / 1000 - sinceSeconds);
  const read = (service: DockerService) => linesOf(client, service, { follow, since, signal, nameOfTask });
  if (follow) {
    await Promise.all(
      chosen.map(async (service) => {
        for await (const { line } of read(service)) await onLine(line);
      }),
    );
    return;
  }
  const all: TimedLine[] = [];
  await Promise.all(
    chosen.map(async (service) => {
      for await (const each of read(service)) all.push(each);
    }),
  );
  all.sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
  for (const { line } of all) await onLine(line);
}

/** Lines of all tasks of a service. Each begins with its time, and says in front of its text which task's it is. */
async function* linesOf(
  client: DockerClient,
  service: DockerService,
  options: {
    follow: boolean;
    since: number;
    signal: AbortSignal | undefined;
    nameOfTask: ReadonlyMap<string, string>;
  },
): AsyncGenerator<TimedLine> {
  const { follow, since, signal, nameOfTask } = options;
  const query = {
    stdout: true,
    stderr: true,
    timestamps: true,
    details: true,
    follow,
    ...(since > 0 && { since }),
  };
  const stream = await client.stream(`/services/${service.ID}/logs`, { query, ...(signal && { signal }) });
  const name = shortName(service);
  try {
    for await (const text of logLines(stream)) {
      const [time = '', details = '', ...rest] = text.split(' ');
      const task = /com\.docker\.swarm\.task\.id=([a-z0-9]+)/.exec(details)?.[1] ?? '';
      const pod = nameOfTask.get(task) ?? `${name}.${task.slice(0, 12)}`;
      yield { time, line: { service: name, pod, container: name, text: rest.join(' ') } };
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
  signal?.throwIfAborted();
}
