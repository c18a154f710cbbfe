import { TestSwarm } from '@berth/orchestrators/src/swarm/testing-swarm';
import { Checkout } from './checkout';
import { localCluster, workspace } from './cluster';
import { Desk } from './desk';
import { openDoor, type Door } from './door';
import { gatewayPort } from './gateway';

jest.setTimeout(300_000);

/** On the local cluster, where other runs may have one too. */
const back = `back-${process.pid.toString(36)}`;
const client = localCluster();
let swarm: TestSwarm;
let checkout: Checkout;
let door: Door;
let onSwarm: string;

const made: string[] = [];
const setPassword = (environment: string) =>
  checkout.nxWith('of-the-test', 'secret', environment, '--name=STORE_PASSWORD');
async function deploy(environment: string): Promise<void> {
  made.push(environment);
  await checkout.nx('deploy', environment);
}
/** What `--json` of a command says. */
async function result<Result>(...argv: string[]): Promise<Result> {
  const file = '.berth/moving.json';
  await checkout.nx(...argv, `--json=${file}`);
  return checkout.json(file) as Result;
}

/** Prices flow, and a trade goes by all services of the desk to its database and back. */
async function works(environment: string, url: string): Promise<void> {
  const desk = await Desk.open(url);
  try {
    await desk.untilLive();
    const trade = await desk.trade({ symbol: 'TIDE', side: 'buy', quantity: 137 });
    expect(await desk.row(trade)).toMatch(/TIDE.*137/);
    expect(desk.errors).toEqual([]);
  } catch (error) {
    // What its services say of it is gone with them.
    const { stdout } = await checkout.nx('logs', environment);
    throw new Error(`${(error as Error).message}\n${stdout}`, { cause: error });
  } finally {
    await desk.close();
  }
}

beforeAll(async () => {
  [swarm, checkout] = await Promise.all([TestSwarm.start(), Checkout.of(workspace)]);
  const socket = await swarm.socketTo(80);
  door = await openDoor(socket);
  onSwarm = `http://web-staging2.localhost:${door.port}/`;
});
afterAll(async () => {
  // What still has networks would keep the folder of the Swarm's dockerd from being removed.
  await Promise.all(made.map((environment) => checkout.nx('destroy', environment, '--force')));
  door?.close();
  checkout?.remove();
  await swarm?.stop();
  client.close();
});

describe('an environment that moves to a Swarm, by the words of the guide', () => {
  it('is made of the one on Kubernetes, and the demo runs there behind a gateway', async () => {
    await checkout.nx('g', 'cluster', 'swarm', '--provider', 'existing', '--docker', swarm.address);
    await checkout.nx('g', 'env', 'staging2', '--base', 'staging', '--orchestrator', 'swarm');
    await setPassword('staging2');
    await deploy('staging2');
    const gateway = ['admin2', '--cluster', 'swarm', '--orchestrator', 'swarm', '--projects', 'gateway'];
    await checkout.nx('g', 'env', ...gateway);
    await deploy('admin2');
    await works('staging2', onSwarm);
  });

  it('has its place in the status of its cluster, with the address of the gateway', async () => {
    expect(await result('status', 'cluster-swarm')).toMatchObject({
      environments: [{ name: 'admin2' }, { name: 'staging2' }],
      gateway: {
        state: 'there',
        targets: [{ ip: '192.0.2.1' }],
        ports: [
          { name: 'http', port: 80 },
          { name: 'https', port: 443 },
        ],
      },
      names: [{ name: '*.localhost', environments: ['staging2'] }],
    });
  });

  it('goes back to Kubernetes, and the demo runs there too', async () => {
    await checkout.nx('g', 'env', back, '--base', 'staging2', '--orchestrator', 'kubernetes');
    await setPassword(back);
    await deploy(back);
    const port = await gatewayPort(client);
    await works(back, `http://web-${back}.localhost${port === 80 ? '' : `:${port}`}/`);
    await works('staging2', onSwarm);
  });

  it('stands in one table with what is elsewhere', async () => {
    const projects = `--projects=${back},staging2,admin2`;
    const { stdout } = await checkout.nx('run-many', '-t', 'status', projects);
    for (const [environment, healthy] of [
      ['admin2', '2 of 2'],
      [back, '6 of 6'],
      ['staging2', '6 of 6'],
    ])
      expect(stdout).toMatch(
        new RegExp(`^${environment} +${healthy} healthy +1 of [0-9a-f]{10} succeeded`, 'm'),
      );
    const cluster = 'deploy/clusters/local/cluster.json';
    checkout.write(cluster, { ...(checkout.json(cluster) as object), docker: swarm.address });
    const both = await result<{ environments: string[]; swarm: object }>('status', 'cluster-local');
    expect(both.environments).toContain(back);
    expect(both.swarm).toMatchObject({ environments: [{ name: 'admin2' }, { name: 'staging2' }] });
  });
});
