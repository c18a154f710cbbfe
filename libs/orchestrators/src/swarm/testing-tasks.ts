import type { DockerClient } from './docker/client';
import { isCurrent, shortName } from './health';
import { logLines } from './log-frames';
import { readState } from './read-state';

/** A container of a task that runs, of the newest version. */
export async function taskContainer(
  client: DockerClient,
  environment: string,
  service: string,
): Promise<string> {
  const { services, tasks } = await readState(client, environment);
  const found = services.find((each) => shortName(each) === service);
  const task = tasks.find(
    ({ ServiceID, Status, ...rest }) =>
      found &&
      ServiceID === found.ID &&
      Status.State === 'running' &&
      isCurrent({ ...rest, ServiceID, Status }, found),
  );
  const container = task?.Status.ContainerStatus?.ContainerID;
  if (container === undefined) throw new Error(`${environment} has no task of ${service}`);
  return container;
}

/** Asks from inside of a task's container, which has Node. The answer is JSON. */
export async function askTask(
  client: DockerClient,
  environment: string,
  service: string,
  url: string,
): Promise<unknown> {
  return askContainer(client, await taskContainer(client, environment, service), url);
}

/** The same of a container. @param client of the dockerd that runs it */
export async function askContainer(client: DockerClient, container: string, url: string): Promise<unknown> {
  const program = 'fetch(process.argv[1]).then((answer) => answer.text()).then((text) => console.log(text))';
  const { Id } = await client.post<{ Id: string }>(`/containers/${container}/exec`, {
    body: { Cmd: ['node', '-e', program, url], AttachStdout: true, AttachStderr: true },
  });
  const lines: string[] = [];
  for await (const line of logLines(
    await client.posted(`/exec/${Id}/start`, { body: { Detach: false, Tty: false } }),
  ))
    lines.push(line);
  return JSON.parse(lines.join('\n')) as unknown;
}
