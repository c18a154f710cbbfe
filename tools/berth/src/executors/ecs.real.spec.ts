import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '@berth/model';
import { invented, Moto } from '@berth/orchestrators/src/ecs/testing-moto';
import deploy from './deploy/executor';
import destroy from './destroy/executor';
import diff from './diff/executor';
import history from './history/executor';
import logs from './logs/executor';
import restart from './restart/executor';
import rollback from './rollback/executor';
import scale from './scale/executor';
import status from './status/executor';
import { readStatuses } from './status/read-statuses';
import { SmallWorkspace } from './testing-faults';
import { printedLines } from './testing-printed';

invented();
jest.setTimeout(120_000);

const environment = 'desk';
const json = '.berth/result.json';
/** No registry: one that cannot be asked is no proof that an image is missing. */
const service = (version: string, more: object = {}) => ({
  image: '127.0.0.1:1/web:1',
  env: { VERSION: version },
  ...more,
});

describe('the commands of an environment on ECS', () => {
  const printed = printedLines();
  let moto: Moto;
  let cluster: Cluster;
  let workspace: SmallWorkspace;
  const result = () =>
    JSON.parse(readFileSync(join(workspace.root, json), 'utf8')) as Record<string, unknown>;
  const well = async (work: Promise<{ success: boolean }>) => {
    const { success } = await work;
    expect([success, success ? '' : printed.join('\n')]).toEqual([true, '']);
    return printed.join('\n');
  };

  beforeAll(async () => {
    moto = await Moto.start();
    cluster = await moto.account('desk');
    workspace = new SmallWorkspace(environment, service('1'));
    const file = `deploy/environments/${environment}/env.json`;
    workspace.write(file, { orchestrator: 'ecs', cluster: 'aws', domain: 'example.com', projects: ['web'] });
    account();
  }, 300_000);
  afterAll(async () => {
    workspace?.remove();
    await moto?.end();
  });
  const account = (difference: object = {}) => {
    const { loadBalancer: _, ...ecs } = cluster.ecs ?? {};
    workspace.write('deploy/clusters/aws/cluster.json', {
      provider: 'existing',
      ecs: { ...ecs, ...difference },
    });
  };

  it('plans in a dry run, and deploys', async () => {
    expect(await well(deploy({ dryRun: true }, workspace.context))).toContain(
      '+ create aws::ecs::service/WebService',
    );
    expect(await well(deploy({ json }, workspace.context))).toContain('desk is deployed, record 1');
    expect(result()).toMatchObject({ environment, record: 1 });
  });

  it('shows what differs, how it is, and what it remembers', async () => {
    workspace.write('apps/web/service.json', service('2'));
    await well(diff({ json }, workspace.context));
    expect(result()).toMatchObject({ differs: true });
    await well(deploy({}, workspace.context));
    await well(status({ json }, workspace.context));
    expect(JSON.stringify(result())).toContain('"state":"healthy"');
    expect(await well(history({}, workspace.context))).toMatch(/^2 +succeeded/m);
  });

  it('scales, restarts, rolls back and reads lines', async () => {
    await well(scale({ service: 'web', replicas: 2, json }, workspace.context));
    expect(result()).toMatchObject({ changes: [{ kind: 'change', object: 'aws::ecs::service/WebService' }] });
    expect(await well(restart({}, workspace.context))).toContain('its tasks start anew');
    await well(rollback({ json }, workspace.context));
    expect(result()).toMatchObject({ record: 3, restored: { number: 1 } });
    await well(logs({}, workspace.context));
  });

  it('refuses what ECS cannot do, with its place, and changes nothing', async () => {
    workspace.write('apps/web/service.json', service('2', { apiAccess: true }));
    expect(await deploy({}, workspace.context)).toEqual({ success: false });
    expect(printed.join('\n')).toContain('apps/web/service.json at apiAccess: cannot be had on ECS');
    workspace.write('apps/web/service.json', service('2'));
  });

  it('writes what it would deploy as a template, for who brings the stack on by AWS CLI', async () => {
    expect(await well(deploy({ write: 'out' }, workspace.context))).toMatch(
      /aws cloudformation deploy --stack-name \S+ --template-file out\/cloudformation\.yaml --capabilities CAPABILITY_IAM --tags \S+=desk --region/,
    );
    expect(readFileSync(join(workspace.root, 'out/cloudformation.yaml'), 'utf8')).toContain(
      'Type: AWS::ECS::Service',
    );
  });

  it('wants a bucket for a template that no request takes, and names it to the AWS CLI', async () => {
    const noise = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`NOISE_${index}`, 'x'.repeat(6000)]),
    );
    workspace.write('apps/web/service.json', service('2', { env: noise }));
    expect(await deploy({ write: 'out' }, workspace.context)).toEqual({ success: false });
    expect(printed.join('\n')).toContain(
      'deploy/clusters/aws/cluster.json at ecs.templateBucket: is missing',
    );
    account({ templateBucket: 'desk-templates' });
    expect(await well(deploy({ write: 'out' }, workspace.context))).toContain(
      '--s3-bucket desk-templates --s3-prefix berth/desk --region',
    );
    workspace.write('apps/web/service.json', service('2'));
    account();
  });

  it('asks each account about its own environments', async () => {
    const { loadBalancer: _, ...ecs } = cluster.ecs ?? {};
    workspace.write('deploy/clusters/away/cluster.json', {
      provider: 'existing',
      ecs: { ...ecs, endpoint: 'http://127.0.0.1:1' },
    });
    const away = { orchestrator: 'ecs', cluster: 'away', domain: 'example.com', projects: ['web'] };
    workspace.write('deploy/environments/away/env.json', away);
    const { context } = workspace;
    const { projects } = context.projectsConfigurations;
    projects['away'] = { root: 'deploy/environments/away', targets: {} };
    expect(await readStatuses([environment, 'away'], context)).toMatchObject([
      { environment, status: { exists: true } },
      { environment: 'away', failure: { message: expect.stringContaining('AWS does not answer') } },
    ]);
  });

  it('says which account the credentials are of when it is another', async () => {
    account({ account: '210987654321' });
    expect(await deploy({}, workspace.context)).toEqual({ success: false });
    expect(printed.join('\n')).toContain('cluster.json names 210987654321 at ecs.account');
    account();
  });

  it('says that nothing names an account', async () => {
    workspace.write('deploy/clusters/aws/cluster.json', { provider: 'existing' });
    expect(await deploy({}, workspace.context)).toEqual({ success: false });
    expect(printed.join('\n')).toContain('deploy/clusters/aws/cluster.json at ecs: is missing');
    account();
  });

  it('lists what it destroys, and leaves nothing', async () => {
    const said = await well(destroy({ force: true }, workspace.context));
    expect(said).toContain('aws::ecs::service/WebService');
    expect(await well(status({}, workspace.context))).toContain('not deployed');
  });
});
