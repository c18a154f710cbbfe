import { UserError } from '@berth/model';
import { notDeployed, refuseUnknownService } from '../deployed';
import type { DockerClient } from './docker/client';
import type { DockerNode, DockerService, DockerTask } from './docker/objects';
import { lostNode, shortName, taskName } from './health';
import { logFrames } from './log-frames';
import { readState } from './read-state';
import { managerNode } from './swarm-state';

/** What a task has answered, or why that is not known. */
export type TaskAnswer<Answer> = { task: string } & ({ answer: Answer } | { failure: UserError });

/** Milliseconds that a task may take. */
const patienceMs = 10_000;
/** Milliseconds after which the program that asks it says itself that nothing has come. */
const silenceMs = 9_000;
const stderr = 2;

/** Writes what a server answers: one of the same container, or of a network that it is on. */
const program = `
require('node:http').get(process.argv[1], { timeout: ${silenceMs} }, (answer) => {
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
  answer.pipe(process.stdout);
}).on('timeout', function () { this.destroy(new Error('nothing came for ${silenceMs / 1000} s')); })
  .on('error', (error) => { console.error(error.message); process.exitCode = 1; });
`.trim();

/**
 * Asks each task of a service that runs at one of its own ports; by name order. The answers are JSON. Docker runs programs
 * only at the dockerd of a task's own node, so a task there asks itself, in its container, which must have Node; and those
 * of other nodes are asked by it, over a network that they share.
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
  const here = running.find(({ NodeID }) => NodeID === node);
  const rows = running.map(async (task): Promise<TaskAnswer<Answer>> => {
    const name = taskName(found, task);
    try {
      const { from, host } =
        task.NodeID === node
          ? { from: task, host: '127.0.0.1' }
          : wayTo(task, here, { nodes, docker: client.address, environment });
      return { task: name, answer: await ask<Answer>(client, found, from, `http://${host}:${port}${path}`) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { task: name, failure: error };
    }
  });
  return (await Promise.all(rows)).sort((one, other) => (one.task < other.task ? -1 : 1));
}

/**
 * How a task of another node is reached.
 * @param here the task on the node whose dockerd we talk to
 * @throws UserError when it is not
 */
function wayTo(
  task: DockerTask,
  here: DockerTask | undefined,
  { nodes, docker, environment }: { nodes: readonly DockerNode[]; docker: string; environment: string },
): { from: DockerTask; host: string } {
  const nameOf = ({ NodeID }: DockerTask) =>
    nodes.find(({ ID }) => ID === NodeID)?.Description?.Hostname ?? NodeID;
  if (lostNode(task, nodes))
    throw new UserError(`its node ${nameOf(task)} does not answer.`, 'docker node ls');
  if (!here)
    throw new UserError(
      `it runs on the node ${nameOf(task)}, and none runs at dockerd ${docker}, from where it could be asked.`,
      'Name a manager with one in "docker" of cluster.json or of cluster.local.json.',
    );
  const networks = new Set((here.NetworksAttachments ?? []).map(({ Network }) => Network.ID));
  const shared = (task.NetworksAttachments ?? []).find(({ Network }) => networks.has(Network.ID));
  const host = shared?.Addresses?.[0]?.split('/')[0];
  if (host === undefined)
    throw new UserError(
      `it runs on the node ${nameOf(task)}, and is on no network with the one on ${nameOf(here)}.`,
      `nx status ${environment}`,
    );
  return { from: here, host };
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
