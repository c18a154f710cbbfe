import type { DockerNode } from './docker/objects';
import { openedPorts } from './opened-ports';
import { node, webService, webTask } from './testing-answers';

const on = (ID: string, more: Partial<DockerNode> = {}): DockerNode => ({ ...node, ID, ...more });
const at = (Addr: string, State = 'ready') => ({ Status: { State, Addr } });
const service = webService();
const published = {
  ...service,
  Spec: {
    ...service.Spec,
    EndpointSpec: {
      Ports: [
        { TargetPort: 8080, PublishedPort: 80 },
        { TargetPort: 9000, PublishedPort: 9000 },
        { TargetPort: 9001 },
      ],
    },
  },
};
const task = (NodeID: string, state = 'running') => ({ ...webTask(NodeID, state), NodeID });

it('are those of the nodes that are ready and run it', () => {
  const nodes = [
    on('one', at('192.0.2.3')),
    on('two', at('192.0.2.2')),
    on('idle', at('192.0.2.4')),
    on('starting', at('192.0.2.5')),
    on('lost', at('192.0.2.6', 'down')),
  ];
  const tasks = [task('one'), task('two'), task('two'), task('starting', 'preparing'), task('lost')];
  expect(openedPorts(published, tasks, nodes)).toEqual({
    ports: [
      { port: 80, inside: 8080 },
      { port: 9000, inside: 9000 },
    ],
    addresses: ['192.0.2.2', '192.0.2.3'],
  });
});

it.each([
  ['192.0.2.1:2377', ['192.0.2.1']],
  ['[2001:db8::1]:2377', ['2001:db8::1']],
  [undefined, []],
])(
  'of a manager that gives no address of its own are those at which managers meet: %s',
  (Addr, addresses) => {
    const manager = on('one', {
      ...at('0.0.0.0'),
      ...(Addr === undefined ? {} : { ManagerStatus: { Addr } }),
    });
    expect(openedPorts(published, [task('one')], [manager]).addresses).toEqual(addresses);
  },
);
