import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serverPort, serverProgram } from '@berth/orchestrators/src/contract/server';
import { nodeImage } from '@berth/orchestrators/src/contract/testing-node-image';
import { TestSwarm } from '@berth/orchestrators/src/swarm/testing-swarm';
import clusterCreate from './cluster/create';
import clusterDestroy from './cluster/destroy';
import clusterStatus from './cluster/status';
import clusters from './clusters/executor';
import deploy from './deploy/executor';
import destroy from './destroy/executor';
import destroyAny from './destroy-any/executor';
import diff from './diff/executor';
import history from './history/executor';
import logs from './logs/executor';
import restart from './restart/executor';
import rollback from './rollback/executor';
import scale from './scale/executor';
import status, { statusBatch } from './status/executor';
import { SmallWorkspace } from './testing-faults';
import { printedLines } from './testing-printed';

jest.setTimeout(120_000);

const environment = 'desk';
const environmentFile = { orchestrator: 'swarm', cluster: 'local', domain: 'localhost', projects: ['web'] };
const json = '.berth/result.json';

describe('the targets of an environment on Swarm', () => {
  let swarm: TestSwarm;
  let workspace: SmallWorkspace;
  let image: string;
  const printed = printedLines();
  const write = (version: string, more: object = {}) =>
    workspace.write('apps/web/service.json', {
      image,
      command: ['node', '-e', serverProgram],
      ports: [{ name: 'http', port: serverPort, public: true }],
      health: { path: '/' },
      env: { SELF: 'desk/web', VERSION: version },
      resources: { cpu: '5m', memory: '96Mi' },
      ...more,
    });
  const result = () =>
    JSON.parse(readFileSync(join(workspace.root, json), 'utf8')) as Record<string, unknown>;
  const succeeds = async (work: Promise<{ success: boolean }>) => {
    const { success } = await work;
    expect({ success, printed: success ? [] : [...printed] }).toEqual({ success: true, printed: [] });
  };

  beforeAll(async () => {
    image = await nodeImage();
    swarm = await TestSwarm.start();
    workspace = new SmallWorkspace(environment, {});
    workspace.write(`deploy/environments/${environment}/env.json`, environmentFile);
    workspace.write('deploy/clusters/local/cluster.json', { provider: 'existing', docker: swarm.address });
  });
  afterAll(async () => {
    await swarm.stop();
    workspace.remove();
  });

  it('refuse what Swarm has not, with its place and before anything starts', async () => {
    write('1', { apiAccess: true });
    expect(await deploy({}, workspace.context)).toEqual({ success: false });
    expect(printed.join('\n')).toContain('apps/web/service.json at apiAccess: is not to be had on Swarm');
    expect(await swarm.client.get('/services')).toEqual([]);
  });

  it('leave out what is for other orchestrators, and say so with every plan', async () => {
    write('1');
    const janitor = {
      image: 'localhost:5000/berth/janitor:1',
      apiAccess: true,
      orchestrators: ['kubernetes'],
    };
    workspace.write('apps/janitor/service.json', janitor);
    const projects = ['web', 'janitor'];
    workspace.write(`deploy/environments/${environment}/env.json`, { ...environmentFile, projects });
    const { context } = workspace;
    const configurations = context.projectsConfigurations;
    const both = { ...configurations.projects, janitor: { root: 'apps/janitor', targets: {} } };
    const within = { ...context, projectsConfigurations: { ...configurations, projects: both } };
    await succeeds(deploy({ dryRun: true }, within));
    const said = printed.join('\n');
    expect(said).toContain('Left out of desk, which is on Swarm');
    expect(said).toContain('+ create service/web');
    expect(said).not.toContain('service/janitor');
    await succeeds(diff({}, within));
    expect(printed.join('\n').match(/Left out of desk/g)).toHaveLength(2);
    workspace.write(`deploy/environments/${environment}/env.json`, environmentFile);
  });

  it('deploy, show, scale, restart, bring back and destroy', async () => {
    const { context } = workspace;
    write('1');
    await succeeds(deploy({ json }, context));
    expect(result()).toMatchObject({ environment, record: 1, addresses: ['http://web-desk.localhost/'] });
    await succeeds(deploy({ json }, context));
    expect((result()['changes'] as { kind: string }[]).every(({ kind }) => kind === 'same')).toBe(true);

    await succeeds(scale({ service: 'web', replicas: 2 }, context));
    await succeeds(restart({ service: 'web' } as Parameters<typeof restart>[0], context));
    await succeeds(status({ json, ask: false }, context));
    expect(result()).toMatchObject({ services: [{ name: 'web', health: { state: 'healthy', ready: 2 } }] });

    write('2');
    await succeeds(diff({ json }, context));
    expect(result()).toMatchObject({ differs: true });
    await succeeds(deploy({ json }, context));
    await succeeds(rollback({ json }, context));
    expect(result()).toMatchObject({ record: 3 });
    await succeeds(history({ json }, context));
    expect(result()).toMatchObject({ records: [{ number: 3, restores: 1 }, { number: 2 }, { number: 1 }] });
    write('1');
    await succeeds(diff({ json }, context));
    expect(result()).toMatchObject({ differs: false });
    await succeeds(logs({ service: 'web' }, context));

    await succeeds(deploy({ write: 'out' }, context));
    expect(printed.join('\n')).toMatch(/docker --host unix:\S+ stack deploy .*-c out\/stack\.yaml desk/);
    expect(readFileSync(join(workspace.root, 'out/stack.yaml'), 'utf8')).toContain(`image: ${image}`);

    await succeeds(destroy({ force: true, json }, context));
    expect(result()).toMatchObject({ destroyed: true, objects: expect.arrayContaining(['service/web']) });
    expect(await swarm.client.get('/services')).toEqual([]);
  });

  it('list and remove by its labels alone what no file tells of any more', async () => {
    const { context } = workspace;
    write('1');
    await succeeds(deploy({}, context));
    const without = { ...context, projectName: 'berth' };
    workspace.forget();
    await succeeds(destroyAny({ env: environment, dryRun: true, json }, without));
    const objects = expect.arrayContaining(['environment/desk', 'service/web', 'network/default']);
    expect(result()).toMatchObject({ destroyed: false, objects });
    expect(await destroyAny({ env: environment }, without)).toEqual({ success: false });
    expect(printed.join('\n')).toContain('Nothing was destroyed');
    await succeeds(destroyAny({ env: environment, confirm: environment, json }, without));
    expect(result()).toMatchObject({ destroyed: true });
    expect(await swarm.client.get('/services')).toEqual([]);
    expect(await swarm.client.get('/configs')).toEqual([]);
    await succeeds(destroyAny({ env: environment, force: true }, without));
    expect(printed.at(-1)).toBe('There is nothing of desk.');
  });

  it('of its cluster show nodes and environments, and destroy nothing', async () => {
    const { context } = workspace;
    const project = { root: 'deploy/clusters/local', targets: {} };
    const onCluster = {
      ...context,
      projectName: 'cluster-local',
      projectsConfigurations: {
        version: 2,
        projects: { ...context.projectsConfigurations.projects, 'cluster-local': project },
      },
    };
    workspace.write(`deploy/environments/${environment}/env.json`, environmentFile);
    await succeeds(deploy({}, context));
    await succeeds(clusterStatus({ json }, onCluster));
    expect(result()).toMatchObject({
      nodes: [{ ready: true, isManager: true, takesTasks: true }],
      environments: [{ name: environment, isProtected: false }],
      gateway: { state: 'absent', why: 'there is no service admin_gateway' },
      names: [{ name: '*.localhost', environments: [environment], state: 'needless' }],
    });
    expect(printed.join('\n')).toContain(
      'nx g env admin-local --cluster local --orchestrator swarm --projects <selector>',
    );
    await succeeds(clusterCreate({ json }, onCluster));
    expect(result()).toMatchObject({ usable: true });
    await succeeds(clusters({ json }, context));
    expect(result()).toMatchObject({ clusters: [{ name: 'local', state: 'running', nodes: 1 }] });
    expect(await clusterDestroy({ force: true }, onCluster)).toEqual({ success: false });
    expect(printed.join('\n')).toContain(`nx run berth:destroy --env=${environment} --cluster=local`);
    await succeeds(destroy({ force: true }, context));
  });

  it('show the Swarm of a cluster whose Kubernetes cannot be asked, say why, and fail', async () => {
    const { context } = workspace;
    workspace.write(`deploy/environments/${environment}/env.json`, environmentFile);
    const alone = { provider: 'existing', docker: swarm.address };
    workspace.write('deploy/clusters/local/cluster.json', { ...alone, kubeconfig: 'none', context: 'desk' });
    workspace.write('deploy/environments/other/env.json', { ...environmentFile, orchestrator: 'kubernetes' });
    const projects = {
      ...context.projectsConfigurations.projects,
      other: { root: 'deploy/environments/other', targets: {} },
      'cluster-local': { root: 'deploy/clusters/local', targets: {} },
    };
    const mixed = { ...context, projectsConfigurations: { version: 2, projects } };
    write('1');
    await succeeds(deploy({}, mixed));
    const onCluster = { ...mixed, projectName: 'cluster-local' };
    expect(await clusterStatus({ json }, onCluster)).toEqual({ success: false });
    expect(printed.join('\n')).toMatch(/local: a Swarm at unix:[^]*environments: desk[^]*\/none/);
    expect(result()).toMatchObject({
      swarm: { environments: [{ name: environment }] },
      failures: [expect.stringContaining('/none')],
    });
    const task = (project: string) => ({ id: `${project}:status`, target: { project, target: 'status' } });
    const tasks = Object.fromEntries(['desk', 'other'].map((name) => [`${name}:status`, task(name)]));
    const inputs = { 'desk:status': { json }, 'other:status': { json } };
    const outcome = await statusBatch({ tasks } as never, inputs, {}, mixed);
    expect(outcome).toMatchObject({ 'desk:status': { success: true }, 'other:status': { success: false } });
    expect(printed.join('\n')).toMatch(/desk +1 of 1 healthy .*\nother +not known\n/);
    await succeeds(destroy({ force: true }, mixed));
    workspace.write('deploy/clusters/local/cluster.json', alone);
  });

  it('remove what has expired, and nothing else', async () => {
    const { context } = workspace;
    const remains = { ...environmentFile, protected: false, ttl: '1w' };
    workspace.write(`deploy/environments/${environment}/env.json`, remains);
    await succeeds(deploy({}, context));
    await succeeds(destroyAny({ expired: true, force: true, json }, context));
    expect(result()).toMatchObject({ expired: [], destroyed: [] });
    workspace.write(`deploy/environments/${environment}/env.json`, { ...remains, ttl: '1s' });
    await succeeds(deploy({}, context));
    const limit = Date.now() + 30_000;
    do {
      await pause(100);
      await succeeds(destroyAny({ expired: true, dryRun: true, json }, context));
    } while ((result()['expired'] as object[]).length === 0 && Date.now() < limit);
    expect(result()).toMatchObject({ expired: [{ environment, orchestrator: 'swarm', ttl: '1s' }] });
    await succeeds(destroyAny({ expired: true, force: true, json }, context));
    expect(result()).toMatchObject({ destroyed: [environment] });
    expect(await swarm.client.get('/services')).toEqual([]);
  });
});
