import { Readable } from 'node:stream';
import { askTasks } from './ask-tasks';
import type { DockerClient } from './docker/client';
import type { DockerNode, DockerTask } from './docker/objects';
import { dockerService, dockerTask } from './testing-docker';
import { frame } from './testing-frames';

const networkAt = (ID: string, address: string) => ({
  Network: { ID, Spec: { Name: ID } },
  Addresses: [`${address}/24`],
});

const nodeNamed = (ID: string, State = 'ready'): DockerNode =>
  ({ ID, Description: { Hostname: `rack-${ID}` }, Spec: {}, Status: { State } }) as DockerNode;

/** A task of that node, in a container of its name. */
function taskOn(node: string, attachments: DockerTask['NetworksAttachments']): DockerTask {
  const task = dockerTask(`task-${node}`, 'running');
  return {
    ...task,
    NodeID: node,
    Status: { ...task.Status, ContainerStatus: { ContainerID: `container-${node}` } },
    ...(attachments && { NetworksAttachments: attachments }),
  };
}

/** dockerd of the node `one`, in which each program says where it runs and what it asks. */
function dockerd(tasks: readonly DockerTask[], nodes: readonly DockerNode[]): DockerClient {
  const asked = new Map<string, string>();
  const client = {
    address: 'unix:///one.sock',
    docker: 'docker',
    async get(path: string) {
      if (path === '/info')
        return { Swarm: { LocalNodeState: 'active', ControlAvailable: true, NodeID: 'one' } };
      if (path === '/services') return [dockerService()];
      if (path === '/tasks') return tasks;
      if (path === '/nodes') return nodes;
      return { ExitCode: 0 };
    },
    async post(path: string, { body }: { body: { Cmd: string[] } }) {
      const Id = String(asked.size);
      asked.set(Id, JSON.stringify([path, body.Cmd.at(-1)]));
      return { Id };
    },
    async posted(path: string) {
      return Readable.from([frame(asked.get(path.split('/')[2] ?? '') ?? '')]);
    },
  };
  return client as unknown as DockerClient;
}

const ask = (tasks: readonly DockerTask[], nodes: readonly DockerNode[]) =>
  askTasks<[string, string]>(dockerd(tasks, nodes), 'staging', 'web', { port: 8083, path: '/routes' });
const both = [nodeNamed('one'), nodeNamed('two')];

describe('askTasks', () => {
  it('has each task of the own node ask itself, and those of others asked by it, on a network of both', async () => {
    const tasks = [
      taskOn('one', [networkAt('inner', '10.0.1.5'), networkAt('shared', '10.0.2.5')]),
      taskOn('two', [networkAt('other', '10.0.9.6'), networkAt('shared', '10.0.2.6')]),
    ];
    expect(
      (await ask(tasks, both)).map((row) => ('answer' in row ? row.answer : row.failure.message)),
    ).toEqual([
      ['/containers/container-one/exec', 'http://127.0.0.1:8083/routes'],
      ['/containers/container-one/exec', 'http://10.0.2.6:8083/routes'],
    ]);
  });

  const there = taskOn('two', [networkAt('shared', '10.0.2.6')]);
  it.each<[string, DockerTask[], DockerNode[], RegExp]>([
    [
      'whose node the managers do not hear from',
      [taskOn('one', [networkAt('shared', '10.0.2.5')]), there],
      [nodeNamed('one'), nodeNamed('two', 'down')],
      /its node rack-two does not answer/,
    ],
    [
      'that nobody at this dockerd could ask',
      [there],
      both,
      /it runs on the node rack-two, and none runs at dockerd unix:\/\/\/one\.sock/,
    ],
    [
      'that shares no network',
      [taskOn('one', [networkAt('inner', '10.0.1.5')]), there],
      both,
      /it runs on the node rack-two, and is on no network with the one on rack-one/,
    ],
  ])('says of a task %s why it is not asked', async (_what, tasks, nodes, message) => {
    const rows = await ask(tasks, nodes);
    expect(rows.at(-1)).toMatchObject({
      task: expect.stringContaining('task-two'),
      failure: { message: expect.stringMatching(message) },
    });
  });
});
