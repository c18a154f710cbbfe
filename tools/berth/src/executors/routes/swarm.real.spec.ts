import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askTasks } from '@berth/orchestrators';
import { nodeImage } from '@berth/orchestrators/src/contract/testing-node-image';
import { TestSwarm } from '@berth/orchestrators/src/swarm/testing-swarm';
import type { ServedRoutes } from '@berth/routes';
import deploy from '../deploy/executor';
import { SmallWorkspace } from '../testing-faults';
import { printedLines } from '../testing-printed';
import routes from './executor';

jest.setTimeout(120_000);

const environment = 'ops';
const json = '.berth/routes.json';
const route = (service: string, space: string) => ({
  environment: space,
  service,
  port: 'http',
  protocol: 'http' as const,
  endpoints: ['10.0.1.5:8080'],
});
/** More than one piece of what Docker sends. */
const many = Object.fromEntries(
  Array.from({ length: 2000 }, (_, index) => [`s${index}-desk.localhost`, route(`s${index}`, 'desk')]),
);
const served: ServedRoutes = {
  generation: 7,
  listed: true,
  routes: { ...many, 'web-ops.localhost': route('web', environment) },
  refused: [],
};
/** As the gateway's controller answers. */
const program = `
const served = { generation: 7, listed: true, routes: {}, refused: [] };
const route = (service, environment) => ({ environment, service, port: 'http', protocol: 'http', endpoints: ['10.0.1.5:8080'] });
for (let index = 0; index < 2000; index++) served.routes['s' + index + '-desk.localhost'] = route('s' + index, 'desk');
served.routes['web-ops.localhost'] = route('web', 'ops');
require('node:http').createServer((request, response) => {
  response.statusCode = request.url === '/routes' ? 200 : 404;
  response.end(request.url === '/routes' ? JSON.stringify(served) : 'there is /routes');
}).listen(8083);
`;

describe('nx routes on a Swarm', () => {
  let swarm: TestSwarm;
  let workspace: SmallWorkspace;
  const printed = printedLines();
  const contextOf = (project: string) => {
    const { context } = workspace;
    const projects = {
      ...context.projectsConfigurations.projects,
      gateway: { root: 'apps/gateway', targets: {} },
      desk: { root: 'deploy/environments/desk', targets: {} },
    };
    return {
      ...context,
      projectName: project,
      projectsConfigurations: { ...context.projectsConfigurations, projects },
    };
  };
  const result = () =>
    JSON.parse(readFileSync(join(workspace.root, json), 'utf8')) as { gateways: Record<string, unknown>[] };

  beforeAll(async () => {
    const image = await nodeImage();
    swarm = await TestSwarm.start();
    workspace = new SmallWorkspace(environment, { image, command: ['node'] });
    for (const [name, projects] of [
      [environment, ['gateway']],
      ['desk', ['web']],
    ] as const)
      workspace.write(`deploy/environments/${name}/env.json`, {
        orchestrator: 'swarm',
        cluster: 'local',
        domain: 'localhost',
        projects,
      });
    workspace.write('deploy/clusters/local/cluster.json', { provider: 'existing', docker: swarm.address });
    workspace.write('apps/gateway/service.json', {
      image,
      command: ['node', '-e', program],
      ports: [{ name: 'status', port: 8083 }],
      health: { path: '/routes' },
      resources: { cpu: '5m', memory: '96Mi' },
    });
  });
  afterAll(async () => {
    await swarm.stop();
    workspace.remove();
  });

  it('say what to do while there is no gateway', async () => {
    expect(await routes({}, contextOf('desk'))).toEqual({ success: false });
    expect(printed.join('\n')).toMatch(/ops runs no service: it is not deployed\.[^]*nx deploy ops/);
  });

  it('show what each task of it serves, of another environment what belongs to that', async () => {
    expect(await deploy({}, contextOf(environment))).toEqual({ success: true });
    expect(await routes({ json }, contextOf(environment))).toEqual({ success: true });
    expect(result().gateways).toEqual([{ pod: expect.stringMatching(/^gateway\.1\./), ...served }]);
    expect(await routes({ json }, contextOf('desk'))).toEqual({ success: true });
    expect(result().gateways).toEqual([expect.objectContaining({ routes: many })]);
  });

  it('say why a task gives no answer', async () => {
    const [row] = await askTasks(swarm.client, environment, 'gateway', { port: 8083, path: '/table' });
    expect(row).toMatchObject({ failure: { message: expect.stringContaining('there is /routes') } });
    const [silent] = await askTasks(swarm.client, environment, 'gateway', { port: 9, path: '/routes' });
    expect(silent).toMatchObject({ failure: { message: expect.stringContaining('ECONNREFUSED') } });
  });
});
