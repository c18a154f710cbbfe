import { HttpRegistry } from '@berth/registry';
import { orchestratorContract } from '../contract';
import { nodeImage } from '../contract/testing-node-image';
import { swarmContractSetup } from './testing-contract';
import { TestSwarm } from './testing-swarm';

let swarm: TestSwarm;
let node: string;
const registry = new HttpRegistry();

beforeAll(async () => {
  node = await nodeImage();
  swarm = await TestSwarm.start();
}, 60_000);
afterAll(async () => {
  registry.close();
  await swarm.stop();
}, 60_000);

orchestratorContract('swarm', () => swarmContractSetup(swarm, node, registry));
