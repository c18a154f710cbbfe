import { UserError } from '@berth/model';
import { notDeployed, refuseUnknownService } from '../deployed';
import type { DockerClient } from './docker/client';
import type { DockerService, DockerTask } from './docker/objects';
import { shortName, taskName } from './health';
import { logFrames } from './log-frames';
import { readState } from './read-state';
import { managerNode } from './swarm-state';

/** What a task has answered, or why that is not known. */
export type TaskAnswer<Answer> = { task: string } & ({ answer: Answer } | { failure: UserError });

/** Milliseconds that a task may take. */
const patienceMs = 10_000;
const stderr = 2;

/** Writes what a server of the same container answers; others of its network need not be let in. */
const program = `
require('node:http').get(process.argv[1], (answer) => {
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
  answer.pipe(process.stdout);
}).on('error', (error) => { console.error(error.message); process.exitCode = 1; });
`.trim();

/**
 * Asks each task of a service that runs at one of its own ports, by a program in its container, which must have Node; by
 * name order. The answers are JSON. Docker runs programs only at the dockerd of the task's own node.
 * @throws UserError when there is no such environment or service
 */
export async function askTasks<Answer>(
  client: DockerClient,
  environment: string,
  service: string,
  { port, path }: { port: number; path: string },
): Promise<TaskAnswer<Answer>[]> {
  const node = await managerNode(client);
  const { services, tasks, nodes } = await readState(client, environment);
  if (services.length === 0) throw notDeployed(environment);
  refuseUnknownService(environment, [service], services.map(shortName).sort());
  const found = services.find((each) => shortName(each) === service)!;
  const running = tasks.filter(
    ({ ServiceID, Status, DesiredState }) =>
      ServiceID === found.ID && Status.State === 'running' && DesiredState === 'running',
  );
  const rows = running.map(async (task): Promise<TaskAnswer<Answer>> => {
    const name = taskName(found, task);
    try {
      if (task.NodeID !== node) {
        const host = nodes.find(({ ID }) => ID === task.NodeID)?.Description?.Hostname ?? task.NodeID;
        throw new UserError(
          `it runs on the node ${host}, and dockerd at ${client.address} lets programs run on its own node only.`,
          'Name that node in "docker" of cluster.json or of cluster.local.json, if it is a manager.',
        );
      }
      return {
        task: name,
        answer: await ask<Answer>(client, found, task, `http://127.0.0.1:${port}${path}`),
      };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { task: name, failure: error };
    }
  });
  return (await Promise.all(rows)).sort((one, other) => (one.task < other.task ? -1 : 1));
}

async function ask<Answer>(
  client: DockerClient,
  service: DockerService,
  task: DockerTask,
  url: string,
): Promise<Answer> {
  const container = task.Status.ContainerStatus?.ContainerID ?? '';
  const { Id } = await client.post<{ Id: string }>(`/containers/${container}/exec`, {
    body: { Cmd: ['node', '-e', program, url], AttachStdout: true, AttachStderr: true },
  });
  const parts: Buffer[] = [];
  const complaints: Buffer[] = [];
  const signal = AbortSignal.timeout(patienceMs);
  const stream = await client.posted(`/exec/${Id}/start`, { body: { Detach: false, Tty: false }, signal });
  try {
    for await (const { source, bytes } of logFrames(stream))
      (source === stderr ? complaints : parts).push(bytes);
  } catch (error) {
    if (!signal.aborted) throw error;
    complaints.push(Buffer.from(`nothing came for ${patienceMs / 1000} s`));
  }
  const { ExitCode } = await client.get<{ ExitCode: number | null }>(`/exec/${Id}/json`);
  if (ExitCode === 0) return JSON.parse(Buffer.concat(parts).toString()) as Answer;
  const why = Buffer.concat([...complaints, ...parts])
    .toString()
    .trim()
    .slice(0, 200);
  throw new UserError(
    `it gives no answer at ${url}: ${why}`,
    `See what it says: ${client.docker} service logs ${service.Spec.Name}`,
  );
}
