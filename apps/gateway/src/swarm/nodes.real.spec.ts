import { get } from 'node:http';
import { deploy } from '@berth/deploy';
import { askTasks } from '@berth/orchestrators';
import { nodeImage } from '@berth/orchestrators/src/contract/testing-node-image';
import { swarmContractSetup } from '@berth/orchestrators/src/swarm/testing-contract';
import { TestSwarmNodes, type TestNode } from '@berth/orchestrators/src/swarm/testing-swarm-nodes';
import { HttpRegistry } from '@berth/registry';
import type { ServedRoutes } from '@berth/routes';
import { gatewayImage } from '../testing-gateway';
import { until } from '../testing-until';
import { deployGateway } from './testing-admin';

jest.setTimeout(240_000);

const registry = new HttpRegistry();
const host = 'client-desk.localhost';
let swarm: TestSwarmNodes;
let node: string;

beforeAll(async () => {
  const [image] = await Promise.all([gatewayImage(), nodeImage().then((found) => (node = found))]);
  // Two that are left are more than half.
  swarm = await TestSwarmNodes.start(['one', 'two', 'three'], { managers: 3 });
  await deployGateway(setup().target, { docker: swarm.nodes[0]!.docker, image });
});
afterAll(async () => {
  registry.close();
  await swarm?.stop();
});

const setup = () => swarmContractSetup({ client: swarm.client(swarm.nodes[0]!) }, node, registry);

/** Asks port 80 of a machine, as somebody outside does; 0 without an answer. */
const ask = ({ address }: TestNode): Promise<number> =>
  new Promise((resolve) => {
    const asked = get(
      { host: address, port: 80, headers: { host }, agent: false, timeout: 5_000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(0));
  });
const askEach = (machines: readonly TestNode[]) => Promise.all(machines.map(ask));

/** What each task of the gateway serves at the host, by the dockerd of one node; or why that is not known. */
const servedByEach = async (machine: TestNode): Promise<(string | undefined)[]> => {
  const rows = await askTasks<ServedRoutes>(swarm.client(machine), 'admin', 'gateway', {
    port: 8083,
    path: '/routes',
  });
  return rows.map((row) => ('answer' in row ? row.answer.routes[host]?.service : row.failure.message));
};

it('answers and says what it serves at every node, wherever the task is, and at those that are left when its node loses its power', async () => {
  await deploy(setup().target, {
    environment: 'desk',
    render: () => setup().objects('desk', { client: { behaviour: 'serves' } }),
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'gateway@test',
    timeoutMs: 90_000,
  });
  await until(
    () => askEach(swarm.nodes),
    (statuses) => statuses.every((status) => status === 200),
    60_000,
  );
  // Docker runs programs on a dockerd's own node only, and the tasks of others are asked by it.
  for (const machine of swarm.nodes)
    expect(await servedByEach(machine)).toEqual(['client', 'client', 'client']);
  const [service] = (await setup().target.status('desk')).services;
  const place = swarm.node(service?.pods[0]?.node ?? '');
  await swarm.cutPower(place);
  const left = swarm.nodes.filter((machine) => machine !== place);
  await until(
    () => askEach(left),
    (statuses) => statuses.every((status) => status === 200),
    120_000,
  );
  expect((await servedByEach(left[0]!)).filter((served) => served === 'client')).toHaveLength(2);
});
