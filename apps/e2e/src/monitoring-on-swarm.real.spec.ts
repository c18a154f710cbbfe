import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adjust, deploy, type DeployRequest } from '@berth/deploy';
import { until } from '@berth/exec/src/testing-until';
import type { ManifestObject } from '@berth/manifests';
import type { ContractServices, ContractSetup } from '@berth/orchestrators/src/contract';
import { nodeImage } from '@berth/orchestrators/src/contract/testing-node-image';
import { adminObjects } from '@berth/orchestrators/src/swarm/testing-admin';
import { swarmContractSetup } from '@berth/orchestrators/src/swarm/testing-contract';
import { TestSwarm } from '@berth/orchestrators/src/swarm/testing-swarm';
import { HttpRegistry } from '@berth/registry';
import { openPage } from '@berth/workbench/src/browser';
import { adminImages } from './admin-images';
import { workspace } from './cluster';
import { openDoor } from './door';
import { PageTable } from './testing-page-table';

jest.setTimeout(90_000);

const host = 'monitoring-admin.localhost';
const commit = '0123456789abcdef0123456789abcdef01234567';
const registry = new HttpRegistry();
let swarm: TestSwarm;
let node: string;
let images: ReadonlyMap<string, string>;
let socket: string;
let table: PageTable;

const setup = (): ContractSetup => swarmContractSetup(swarm, node, registry);

function run(environment: string, objects: () => ManifestObject[], options: Partial<DeployRequest> = {}) {
  return deploy(setup().target, {
    environment,
    render: objects,
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'e2e@test',
    commit,
    timeoutMs: 60_000,
    ...options,
  });
}
const runServices = (environment: string, services: ContractServices, options: Partial<DeployRequest> = {}) =>
  run(environment, () => setup().objects(environment, services), options);

/** Gateway and monitoring as their service.json says. */
function admin(): ManifestObject[] {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(workspace, `apps/${name}/service.json`), 'utf8')) as object;
  const documents = {
    gateway: read('gateway'),
    monitoring: read('monitoring'),
  };
  return adminObjects({ docker: swarm.address, documents, images });
}

async function setToken(): Promise<void> {
  const { target } = setup();
  const objects = admin();
  const values = new Map([['MONITORING_TOKEN', Buffer.from('0123456789abcdef')]]);
  const edit = { values, author: 'e2e@test', restart: false };
  await adjust(
    target,
    { environment: 'admin', author: 'e2e@test', timeoutMs: 60_000 },
    () => target.planSecrets('admin', objects, edit),
    {
      prepare: () => target.prepare('admin', objects),
      apply: (planned, signal) => target.applySecrets('admin', edit, planned, signal),
    },
  );
}

const desk: ContractServices = { client: { behaviour: 'serves' }, store: { behaviour: 'runs' } };
const keyOf = (environment: string, service: string) => `service/${environment}/Service/${service}`;
const client = keyOf('west', 'client');
const untilCell = (key: string, holds: (cell: ReturnType<PageTable['cell']>) => boolean, limitMs = 20_000) =>
  until(() => table.cell(key), holds, limitMs);

beforeAll(async () => {
  [node, images] = await Promise.all([nodeImage(), adminImages(['gateway', 'monitoring'])]);
  swarm = await TestSwarm.start();
  await setToken();
  await run('admin', admin, { timeoutMs: 120_000 });
  await Promise.all(['west', 'east'].map((environment) => runServices(environment, desk)));
  socket = await swarm.socketTo(80);
  table = await PageTable.open(socket, host);
}, 300_000);
afterAll(async () => {
  table?.close();
  // What still has networks would keep the folder of its dockerd from being removed.
  if (swarm)
    await Promise.all(['admin', 'west', 'east'].map((environment) => setup().target.destroy(environment)));
  registry.close();
  await swarm?.stop();
}, 120_000);

describe('the page of monitoring on a Swarm, through the gateway', () => {
  it('shows what runs in all environments, and what was deployed by whom', async () => {
    for (const [environment, service] of [
      ['admin', 'gateway'],
      ['admin', 'gateway-api'],
      ['admin', 'monitoring'],
      ['admin', 'monitoring-api'],
      ['west', 'client'],
      ['west', 'store'],
      ['east', 'client'],
      ['east', 'store'],
    ] as const)
      await untilCell(keyOf(environment, service), (cell) => cell?.state === 'healthy');
    expect(table.keys().filter((key) => key.startsWith('environment/'))).toEqual([
      'environment/admin',
      'environment/east',
      'environment/west',
    ]);
    expect(table.cell(client)).toMatchObject({ ready: 1, hosts: ['client-west.localhost'] });
    expect(table.cell(keyOf('admin', 'monitoring'))).toMatchObject({ hosts: [host] });
    await untilCell('environment/west', (cell) => cell?.lastDeploy !== undefined);
    expect(table.cell('environment/west')?.lastDeploy).toMatchObject({
      author: 'e2e@test',
      commit,
      outcome: 'succeeded',
    });
  });

  it('turns the cell of a service whose task is killed, and back', async () => {
    const before = table.states(client).length;
    await setup().kill('west', 'client');
    await untilCell(client, (cell) => cell?.state !== 'healthy');
    expect(table.cell(client)?.message).toMatch(/exit code 137/);
    await untilCell(client, (cell) => cell?.state === 'healthy', 40_000);
    expect(table.states(client).slice(before).at(0)).toBe('progressing');
  });

  it('asks services by their names from inside, and by their addresses through the gateway', async () => {
    const probes = () =>
      table.ask('/api/latency?environment=west&service=client') as Promise<{
        probes: { asked: string; last?: { status?: number; problem?: string } }[];
      }>;
    const report = await until(
      probes,
      ({ probes: found }) =>
        found.length === 2 && found.every(({ last }) => last?.problem === undefined && last),
      30_000,
    );
    expect(report.probes.map(({ asked, last }) => [asked, last?.status])).toEqual([
      ['http://client.west:8080', 200],
      ['client-west.localhost through the gateway', 200],
    ]);
    await untilCell(client, (cell) => cell !== undefined && !('failing' in cell));
  });

  it('shows the reason of a bad update, behind it the tasks that have failed, and that it is over', async () => {
    const bad = { ...desk, store: { behaviour: 'crashes' as const } };
    const store = keyOf('east', 'store');
    await expect(runServices('east', bad, { noRollback: true })).rejects.toThrow(/store cannot run/);
    await untilCell(store, (cell) => cell?.state === 'hopeless');
    expect(table.cell(store)?.message).toMatch(/^crashed \d times \(exit code 3\)/);
    await untilCell('environment/east', (cell) => cell?.lastDeploy?.outcome === 'failed');
    const query = 'environment=east&kind=Service&name=store';
    const details = (await table.ask(`/api/details?${query}`)) as {
      events: { object: string; reason: string; message: string }[];
      deploys: { outcome: string }[];
    };
    expect(details.events).toContainEqual(
      expect.objectContaining({ object: expect.stringMatching(/^Task\/store\.1\./), message: 'exit code 3' }),
    );
    expect(details.deploys.map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded']);
    expect(await table.ask(`/api/lines?${query}`)).toEqual({
      error: expect.stringContaining('nobody can read its secrets'),
    });
    await runServices('east', desk);
    await untilCell(store, (cell) => cell?.state === 'healthy');
  });

  it('speaks in a browser of tasks, and says what is not to be had', async () => {
    const door = await openDoor(socket);
    const opened = await openPage(`http://${host}:${door.port}/`);
    try {
      const { page, errors } = opened;
      const tile = page.getByTestId('service-west-client');
      await tile.getByText('healthy').waitFor({ timeout: 10_000 });
      await tile.getByRole('button').click();
      const dialog = page.getByTestId('details');
      const tasks = dialog.getByRole('region', { name: 'Tasks', exact: true });
      await tasks.getByRole('rowheader', { name: /^client\.1\./ }).waitFor({ timeout: 10_000 });
      await dialog.getByText('Not shown on a Swarm').waitFor();
      await dialog.getByText('nx logs west --service=client --since=10m').waitFor();
      expect(await page.getByTestId('connection').textContent()).toBe('live');
      expect(errors).toEqual([]);
    } finally {
      await opened.close();
      door.close();
    }
  });

  it('forgets an environment that is destroyed', async () => {
    await setup().target.destroy('east');
    await until(
      () => table.keys().filter((key) => key.includes('/east')),
      (left) => left.length === 0,
      20_000,
    );
  });
});
