import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { printedLines } from '../testing-printed';
import create from './create';
import status from './status';

const ecs = {
  ...{ account: '123456789012', region: 'eu-west-1', profile: 'desk', cluster: 'main' },
  ...{ vpc: 'vpc-0123456789abcdef0', subnets: ['subnet-0123456789abcdef0'] },
  ...{ loadBalancer: { subnets: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'] } },
};

describe('a cluster whose cluster.json names an account of AWS', () => {
  const printed = printedLines();
  let root: string;
  const write = (path: string, document: object) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(document));
  };
  const context = () =>
    ({
      ...{ root, cwd: root, projectName: 'cluster-aws', isVerbose: false },
      nxJsonConfiguration: { plugins: ['@berth/nx'] },
      projectsConfigurations: {
        version: 2,
        projects: { 'cluster-aws': { root: 'deploy/clusters/aws' }, web: { root: 'apps/web' } },
      },
      projectGraph: { nodes: {}, dependencies: {} },
    }) as unknown as ExecutorContext;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'berth-status-'));
    write('apps/web/service.json', { ports: [{ name: 'http', port: 8080, public: true }] });
    write('deploy/clusters/aws/cluster.json', { provider: 'existing', ecs });
    const environment = { orchestrator: 'ecs', cluster: 'aws', domain: 'example.com', projects: ['web'] };
    write('deploy/environments/prod/env.json', environment);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('shows the account, and how to ask for its environments', async () => {
    expect(await status({ json: 'status.json' }, context())).toEqual({ success: true });
    expect(printed).toEqual([
      'aws: ECS in the account 123456789012, region eu-west-1, its cluster main',
      'environments of this workspace with something public: prod',
      '    nx status prod',
    ]);
    expect(JSON.parse(readFileSync(join(root, 'status.json'), 'utf8'))).toEqual({
      ...{ cluster: 'aws', provider: 'existing', environments: ['prod'] },
      ecs: { account: '123456789012', region: 'eu-west-1', cluster: 'main' },
    });
  });

  it('says of each part that cannot be asked why, and shows the others', async () => {
    const more = { docker: 'unix:///nonexistent/docker.sock', kubeconfig: 'nowhere' };
    write('deploy/clusters/aws/cluster.json', { provider: 'existing', ecs, ...more });
    expect(await status({}, context())).toEqual({ success: false });
    const said = printed.join('\n');
    expect(said).toMatch(/^aws: ECS in the account/);
    expect(said).toContain('/nonexistent/docker.sock');
    expect(said).toContain('nowhere');
  });

  it('is not created where there is nothing else, and says what to type', async () => {
    expect(await create({}, context())).toEqual({ success: false });
    expect(printed.join('\n')).toMatch(/no cluster that could be made[^]*nx deploy <environment> --dry-run/);
  });
});
