import { adjust, deploy, diff, rollback, type DeployOutcome, type DeployRequest } from '@berth/deploy';
import { manifestsOf, type ManifestObject } from '@berth/manifests';
import type { Cluster } from '@berth/model';
import { ecsOrchestrator, type EcsOrchestrator } from './orchestrator';
import { leaseParameter } from './lease';
import { deleteParameters, parametersBelow } from './parameters';
import { withTemplate } from './template-source';
import { Front } from './testing-front';
import { testEnvironment, testServices } from './testing-models';
import { invented, Moto, settingsOf } from './testing-moto';

/** What the orchestrator plans, asks of AWS and remembers. That tasks run is what moto only says. */
invented();
jest.setTimeout(120_000);

let moto: Moto;
let cluster: Cluster;
let target: EcsOrchestrator;
beforeAll(async () => {
  moto = await Moto.start();
  cluster = await moto.account('main');
  target = orchestrator();
}, 300_000);
afterAll(async () => {
  target?.close();
  await moto?.end();
});

const orchestrator = (difference: object = {}): EcsOrchestrator =>
  ecsOrchestrator({ ...settingsOf(cluster), ...difference }, { holder: 'test@moto', pollMs: 50 });

type Documents = Record<string, object>;
const quotes = (version: string) => ({
  ports: [{ name: 'http', port: 8080, public: true }],
  health: { path: '/healthz' },
  env: { VERSION: version },
});

function objects(name: string, documents: Documents, ttl?: string, on = cluster): ManifestObject[] {
  const environment = testEnvironment(name, ttl === undefined ? {} : { ttl });
  return manifestsOf(environment).renderObjects(environment, testServices(environment, documents), {
    registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/berth',
    cluster: on,
  });
}

const request = (
  name: string,
  documents: Documents,
  options: Partial<DeployRequest> = {},
): DeployRequest => ({
  environment: name,
  render: () => objects(name, documents),
  images: { resolve: async () => ({}), build: async () => ({}) },
  needs: {},
  author: 'ana@laptop',
  timeoutMs: 60_000,
  ...options,
});
const run = (
  name: string,
  documents: Documents,
  options: Partial<DeployRequest> = {},
): Promise<DeployOutcome> => deploy(target, request(name, documents, options));
const actions = ({ changes }: Pick<DeployOutcome, 'changes'>): string[] =>
  changes.filter(({ action }) => action !== 'same').map(({ action, object }) => `${action} ${object.name}`);

it('changes nothing in a dry run or a diff, and leaves no change set behind', async () => {
  await run('dry', { clock: {} });
  const cloudFormation = await target['aws'].cloudFormation();
  const stack = async () => {
    const { Stacks = [] } = await cloudFormation.describeStacks({ StackName: 'berth-dry' });
    const { Summaries = [] } = await cloudFormation.listChangeSets({ StackName: 'berth-dry' });
    const open = Summaries.filter(
      ({ StackName, ExecutionStatus }) => StackName === 'berth-dry' && ExecutionStatus === 'AVAILABLE',
    );
    const { TemplateBody } = await cloudFormation.getTemplate({ StackName: 'berth-dry' });
    return [Stacks[0]?.StackStatus, Stacks[0]?.LastUpdatedTime, TemplateBody, open];
  };
  const before = await stack();
  expect(before.at(-1)).toEqual([]);
  const dry = await run('dry', { clock: { env: { VERSION: '2' } } }, { dryRun: true });
  expect(actions(dry)).toContain('change ClockTaskDefinition');
  expect(await stack()).toEqual(before);
});

it('scales and restarts services between deploys, which neither undo nor repeat it', async () => {
  const services = { clock: {} };
  await run('scale', services);
  const adjusting = { environment: 'scale', author: 'ana@laptop', timeoutMs: 60_000 };
  const scale = (count?: number, dryRun = false) =>
    adjust(target, { ...adjusting, dryRun }, () => target.planScale('scale', 'clock', count));
  const wanted = async () => (await target.status('scale')).services.map(({ health }) => health.wanted);

  expect(await scale(2, true)).toMatchObject([
    { action: 'change', fields: [{ path: 'Properties.DesiredCount', before: 1, after: 2 }] },
  ]);
  expect(await wanted()).toEqual([1]);
  await scale(2);
  expect(await wanted()).toEqual([2]);
  expect(await scale(2)).toMatchObject([{ action: 'same' }]);
  expect(actions(await run('scale', services))).toEqual([]);
  // A deploy of something else keeps the number in what it writes.
  expect(actions(await run('scale', { clock: { env: { VERSION: '2' } } }))).toContain(
    'change ClockTaskDefinition',
  );
  expect(await wanted()).toEqual([2]);

  const rollout = async () => [...(await target.observe('scale')).services.values()][0]?.rollout?.startedAt;
  const before = await rollout();
  await adjust(target, adjusting, () => target.planRestart('scale', ['clock']));
  expect((await rollout())?.getTime()).toBeGreaterThan(before?.getTime() ?? 0);

  await scale();
  expect(await wanted()).toEqual([2]);
  expect(actions(await run('scale', { clock: { env: { VERSION: '2' } } }))).toContain('change ClockService');
  expect(await wanted()).toEqual([1]);
  await expect(target.planScale('scale', 'clok', 2)).rejects.toThrow(/did you mean "clock"\?/);
  await expect(target.planRestart('none', undefined)).rejects.toThrow(/is not deployed/);
});

it('leaves the number to the autoscaler where there is one', async () => {
  await run('autoscaled', { clock: { scale: { min: 1, max: 3 } } });
  await expect(target.planScale('autoscaled', 'clock', 2)).rejects.toThrow(
    /number of clock's tasks is set by its autoscaling/,
  );
});

it('says all that is missing at once, before it changes anything', async () => {
  const broken = orchestrator({ cluster: 'mian', subnets: ['subnet-0badc0de'] });
  const failing = deploy(broken, request('missing', { clock: { secrets: ['KEY'] } }));
  await expect(failing).rejects.toThrow(
    /missing cannot be deployed: 3 problems, nothing was changed\.[^]*no ECS cluster mian[^]*no subnet subnet-0badc0de[^]*secret KEY is not set; clock needs it\. Set it: nx secret missing --name=KEY/,
  );
  broken.close();
  expect((await target.observe('missing')).exists).toBe(false);
});

it('keeps secrets in no plan and no record, and starts those tasks anew that use one, once, and no others', async () => {
  const services = { clock: { secrets: ['KEY'] }, other: {} };
  const set = async (value: string | undefined) => {
    const desired = objects('secrets', services);
    const edit = {
      values: new Map([['KEY', value === undefined ? undefined : Buffer.from(value)]]),
      author: 'ana@laptop',
      restart: true,
    };
    const changes = await adjust(
      target,
      { environment: 'secrets', author: 'ana@laptop', timeoutMs: 60_000 },
      () => target.planSecrets('secrets', desired, edit),
      { apply: (planned, signal) => target.applySecrets('secrets', edit, planned, signal) },
    );
    expect(JSON.stringify(changes)).not.toContain('-of-the-test');
    return actions({ changes });
  };
  expect(await set('first-of-the-test')).toEqual(['create KEY']);
  await run('secrets', services);
  expect(await set('first-of-the-test')).toEqual([]);
  expect(await set('second-of-the-test')).toEqual(['change KEY', 'change ClockService']);
  expect(await set('second-of-the-test')).toEqual([]);
  expect(actions(await run('secrets', services))).toEqual([]);
  expect(await target.secrets('secrets', objects('secrets', services))).toMatchObject([
    { name: 'KEY', isSet: true, setBy: 'ana@laptop', usedBy: ['clock'] },
  ]);
  const recorded = JSON.stringify([
    await target.records('secrets'),
    await target.recordedObjects('secrets', 1),
  ]);
  expect(recorded).not.toContain('-of-the-test');
  await expect(set('x'.repeat(5000))).rejects.toThrow(/it has 5000 bytes, and a parameter .* holds 4096/);
  await expect(set('')).rejects.toThrow(/would be empty/);
  expect(await set(undefined)).toEqual(['prune KEY']);
  expect(await target.secrets('secrets', objects('secrets', services))).toMatchObject([{ isSet: false }]);
});

it('keeps two deploys of one environment apart', async () => {
  const lease = await target.acquire('lease', 'ana@laptop');
  await expect(run('lease', { clock: {} })).rejects.toThrow(/is being deployed by ana@laptop since \d{4}-/);
  expect((await target.status('lease')).deploying).toMatchObject({ holder: 'ana@laptop' });
  await lease.release();
  const both = await Promise.allSettled(
    ['ana@laptop', 'ben@laptop'].map((author) => run('lease', { clock: {} }, { author })),
  );
  const refused = both.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({
    reason: { message: expect.stringMatching(/is being deployed by (ana|ben)@laptop/) },
  });
});

it('gives one of many that claim the lease at the same moment, and only one', async () => {
  const claims = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => target.acquire('race', `holder-${index}`)),
  );
  const won = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
  expect(won).toHaveLength(1);
  await won[0]?.release();
  await (await target.acquire('race', 'after')).release();
});

it('brings back an earlier set', async () => {
  for (const version of ['1', '2']) await run('back', { clock: { env: { VERSION: version } } });
  const back = (to?: number) =>
    rollback(target, {
      environment: 'back',
      images: () => ({ resolve: async () => ({}), build: async () => ({}) }),
      author: 'ana@laptop',
      timeoutMs: 60_000,
      ...(to === undefined ? {} : { to }),
    });
  const { restored, record } = await back();
  expect([restored.number, record]).toEqual([1, 3]);
  const live = await diff(target, 'back', objects('back', { clock: { env: { VERSION: '1' } } }));
  expect(live.filter(({ action }) => action !== 'same')).toEqual([]);
  await expect(back(9)).rejects.toThrow(/back has no record 9\./);
});

it('keeps ten records and the last good one, and sets that one of them is of', async () => {
  const record = (set: string, outcome: 'succeeded' | 'failed') => ({
    author: 'ana@laptop',
    startedAt: '2026-01-02T12:00:00Z',
    finishedAt: '2026-01-02T12:00:01Z',
    images: {},
    outcome,
    changes: [],
    set,
    objects: [],
  });
  const { signal } = new AbortController();
  await target.writeRecord('ten', record('good', 'succeeded'), signal);
  for (let number = 2; number <= 12; number++)
    await target.writeRecord('ten', record(`set-${number}`, 'failed'), signal);
  const numbers = (await target.records('ten')).map(({ number }) => number);
  expect(numbers).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 1]);
  const sets = await parametersBelow(target['aws'], '/berth/ten/sets');
  expect(sets.map(({ name }) => name.split('/')[4])).not.toContain('set-2');
  expect(await target.recordedObjects('ten', 1)).toEqual([]);
});

it('restores a set that is in many parameters as it was', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`clock-${index}`, { env: { NOISE: noise(900 + index) } }]),
  );
  await run('parts', many);
  expect((await parametersBelow(target['aws'], '/berth/parts/sets')).length).toBeGreaterThan(1);
  expect(await target.recordedObjects('parts', 1)).toEqual(objects('parts', many));
});

it('lists what it would destroy, and leaves nothing', async () => {
  await run('gone', { store: { volumes: [{ name: 'data', path: '/data', size: '1Gi' }] } });
  const plan = await target.planDestroy('gone');
  expect(plan.map(({ kind, name }) => `${kind}/${name}`)).toEqual(
    expect.arrayContaining([
      'AWS::EFS::FileSystem/StoreFileSystem',
      'AWS::SSM::Parameter//berth/gone/records/1',
      'Stack/gone',
    ]),
  );
  expect(await target.destroy('gone')).toBe(true);
  expect(await target.planDestroy('gone')).toEqual([]);
  expect(await target.destroy('gone')).toBe(true);
  expect((await run('gone', { clock: {} })).record).toBe(1);
});

it('keeps a file system of a service that is no longer in the set', async () => {
  const store = { volumes: [{ name: 'data', path: '/data', size: '1Gi' }] };
  await run('volumes', { store, clock: {} });
  expect(actions(await run('volumes', { clock: {} }))).not.toContain('prune StoreFileSystem');
  expect((await target.observe('volumes')).inventory.map(({ name }) => name)).toContain('StoreFileSystem');
  expect(actions(await run('volumes', { clock: {} }))).toEqual([]);
});

it('finds environments whose time is over', async () => {
  await run('old', { clock: {} }, { render: () => objects('old', { clock: {} }, '1h') });
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
  const names = async (now: Date) => (await target.expired(now)).map(({ environment }) => environment);
  expect(await names(hours(0.5))).toEqual([]);
  expect(await names(hours(2))).toEqual(['old']);
});

it('touches no stack that Berth has not made', async () => {
  const cloudFormation = await target['aws'].cloudFormation();
  await cloudFormation.createStack({
    StackName: 'berth-foreign',
    TemplateBody: JSON.stringify({ Resources: { Group: { Type: 'AWS::Logs::LogGroup' } } }),
  });
  const refusal = /The stack berth-foreign was not made by Berth: it has no tag berth:environment=foreign/;
  await expect(run('foreign', { clock: {} })).rejects.toThrow(refusal);
  await expect(target.planDestroy('foreign')).rejects.toThrow(refusal);
});

it('waits for no answer of an account that is another', async () => {
  const other = orchestrator({ account: '210987654321' });
  await expect(other.observe('life')).rejects.toThrow(
    /credentials of this process are of the account 123456789012 .*cluster\.json names 210987654321/,
  );
  other.close();
});

it('says that AWS does not answer, and what then', async () => {
  const away = orchestrator({ endpoint: 'http://127.0.0.1:1' });
  await expect(away.observe('life')).rejects.toMatchObject({
    message: expect.stringMatching(/AWS does not answer in eu-west-1: STS GetCallerIdentity failed/),
    hint: expect.stringContaining('run the same command again'),
  });
  away.close();
});

it('reads the lines of services in the order of their time, and those that come', async () => {
  await run('lines', { clock: {}, quotes: {} });
  const logs = await target['aws'].logs();
  const put = async (service: string, message: string, ago: number) => {
    const stream = { logGroupName: `/berth/lines/${service}`, logStreamName: `task/${service}/0123` };
    await logs.createLogStream(stream).catch(() => undefined);
    await logs.putLogEvents({ ...stream, logEvents: [{ timestamp: Date.now() - ago, message }] });
  };
  await put('clock', 'first', 3000);
  await put('quotes', 'second', 2000);
  const seen: string[] = [];
  await target.logs('lines', {
    onLine: ({ service, pod, text }) => void seen.push(`${service} ${pod} ${text}`),
  });
  expect(seen).toEqual(['clock 0123 first', 'quotes 0123 second']);

  const stopping = new AbortController();
  const followed: string[] = [];
  const following = target.logs('lines', {
    services: ['clock'],
    follow: true,
    signal: stopping.signal,
    onLine: ({ text }) => {
      followed.push(text);
      if (text === 'third') stopping.abort();
    },
  });
  await put('clock', 'third', 0);
  await following;
  expect(followed).toEqual(['first', 'third']);
});

describe('a listener that environments share', () => {
  const quoting = { quotes: quotes('1') };
  let listener: string;
  let shared: Cluster;
  beforeAll(async () => {
    const { vpc, subnets } = settingsOf(cluster);
    const [balancing, ec2] = await Promise.all([target['aws'].elasticLoadBalancing(), target['aws'].ec2()]);
    const { GroupId = '' } = await ec2.createSecurityGroup({
      GroupName: 'front',
      Description: 'Front',
      VpcId: vpc,
    });
    const { LoadBalancers = [] } = await balancing.createLoadBalancer({ Name: 'front', Subnets: subnets });
    const { Listeners = [] } = await balancing.createListener({
      LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn ?? '',
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    });
    listener = Listeners[0]?.ListenerArn ?? '';
    const loadBalancer = { kind: 'shared', listener, securityGroup: GroupId, tls: false } as const;
    shared = { ...cluster, ecs: { ...settingsOf(cluster), loadBalancer } };
  });

  const share = (name: string, documents: Documents) =>
    run(name, documents, { render: () => objects(name, documents, undefined, shared) });
  const foreignRule = async (Priority: number) => {
    const balancing = await target['aws'].elasticLoadBalancing();
    const { Rules = [] } = await balancing.createRule({
      ListenerArn: listener,
      Priority,
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [`rule-${Priority}.example.com`] } }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    });
    return Rules[0]?.RuleArn ?? '';
  };
  const priorityIn = (list: readonly ManifestObject[]) => {
    const rule = list.find(({ metadata }) => metadata.name === 'QuotesHttpRule0');
    return (rule?.['Properties'] as { Priority: number } | undefined)?.Priority ?? 0;
  };
  const priorityOf = async (name: string) => priorityIn((await target.observe(name)).live);

  it('gets a rule with a priority that is free, which no later deploy moves', async () => {
    const wanted = priorityIn(objects('sharing', quoting, undefined, shared));
    const foreign = await foreignRule(wanted);
    await share('sharing', quoting);
    expect(await priorityOf('sharing')).toBe(wanted + 1);
    expect(actions(await share('sharing', quoting))).toEqual([]);

    const balancing = await target['aws'].elasticLoadBalancing();
    await balancing.deleteRule({ RuleArn: foreign });
    expect(actions(await share('sharing', quoting))).toEqual([]);
    expect(actions(await share('sharing', { quotes: quotes('2') }))).toEqual(['change QuotesTaskDefinition']);
    expect(await priorityOf('sharing')).toBe(wanted + 1);
    const { Rules = [] } = await balancing.describeRules({ ListenerArn: listener });
    expect(Rules.map(({ Priority }) => Priority)).toContain(String(wanted + 1));
  });

  it('is refused where it is not, before anything is changed', async () => {
    const gone = listener.replace(/[0-9a-f]{8}$/, '00000000');
    const loadBalancer = { kind: 'shared', listener: gone, securityGroup: 'sg-1', tls: false } as const;
    const elsewhere: Cluster = { ...cluster, ecs: { ...settingsOf(cluster), loadBalancer } };
    await expect(
      run('nowhere', quoting, { render: () => objects('nowhere', quoting, undefined, elsewhere) }),
    ).rejects.toThrow(`There is no listener ${gone}: cluster.json names it at ecs.loadBalancer.listener.`);
    expect((await target.observe('nowhere')).exists).toBe(false);
  });
});

describe('a template that no request takes', () => {
  const bucket = 'berth-templates';
  const many = (version: string) =>
    Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        `clock-${index}`,
        { env: { NOISE: noise(index, 6000), VERSION: version } },
      ]),
    );
  let stored: EcsOrchestrator;
  beforeAll(() => {
    stored = orchestrator({ templateBucket: bucket });
  });
  afterAll(() => stored.close());
  const long = (name: string, version: string, options: Partial<DeployRequest> = {}) => {
    const on = { ...cluster, ecs: { ...settingsOf(cluster), templateBucket: bucket } };
    const render = () => objects(name, many(version), undefined, on);
    return deploy(stored, request(name, many(version), { render, ...options }));
  };

  it('is refused without a bucket, with the command that makes one', async () => {
    await expect(long('long', '1')).rejects.toMatchObject({
      message: `There is no bucket ${bucket}: cluster.json names it at ecs.templateBucket.`,
      hint: `aws s3 mb s3://${bucket} --region eu-west-1`,
    });
    expect((await stored.observe('long')).exists).toBe(false);
  });

  it('lies in the bucket while CloudFormation reads it, and no longer', async () => {
    const s3 = await stored['aws'].s3();
    await s3.createBucket({
      Bucket: bucket,
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    });
    const left = async () => (await s3.listObjectsV2({ Bucket: bucket })).KeyCount;
    expect((await long('long', '1')).record).toBe(1);
    const cloudFormation = await stored['aws'].cloudFormation();
    const { TemplateBody = '' } = await cloudFormation.getTemplate({ StackName: 'berth-long' });
    expect(TemplateBody.length).toBeGreaterThan(51_200);
    expect(await left()).toBe(0);
    expect(actions(await long('long', '1'))).toEqual([]);
    const changes = actions(await long('long', '2'));
    expect(changes).toHaveLength(8);
    expect(changes).toContain('change Clock0TaskDefinition');
    expect(await left()).toBe(0);
  });

  it('is private and encrypted, below the name of the environment', async () => {
    const template = noise(1, 60_000);
    const s3 = await stored['aws'].s3();
    await withTemplate(stored['aws'], 'long', template, async (source) => {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket: bucket });
      expect(Contents.map(({ Key }) => Key)).toEqual([
        expect.stringMatching(/^berth\/long\/[0-9a-f]{64}\.json$/),
      ]);
      const at = { Bucket: bucket, Key: Contents[0]?.Key ?? '' };
      expect(source).toEqual({ TemplateURL: `https://${bucket}.s3.eu-west-1.amazonaws.com/${at.Key}` });
      expect((await s3.headObject(at)).ServerSideEncryption).toBe('AES256');
      const { Grants = [] } = await s3.getObjectAcl(at);
      expect(Grants.map(({ Grantee }) => Grantee?.Type)).toEqual(['CanonicalUser']);
    });
  });
});

// moto's CloudFormation knows no names of Cloud Map: it takes the template, and could not make the stack.
it('wants a VPC that answers private names, where there are to be some', async () => {
  const ec2 = await target['aws'].ec2();
  const { vpc } = settingsOf(cluster);
  const { GroupId: securityGroup = '' } = await ec2.createSecurityGroup({
    GroupName: 'admin',
    Description: 'Admin',
    VpcId: vpc,
  });
  const privateNames = { domain: 'desk.internal', securityGroup };
  const named = orchestrator({ privateNames });
  const on = { ...cluster, ecs: { ...settingsOf(cluster), privateNames } };
  const services = { quotes: quotes('1') };
  const render = () => objects('names', services, undefined, on);
  const plan = () => deploy(named, request('names', services, { render, dryRun: true }));
  await expect(plan()).rejects.toThrow(
    /one problem[^]*The VPC vpc-\S+ answers no private names.* modify-vpc-attribute --vpc-id vpc-\S+ --enable-dns-hostnames --region eu-west-1/,
  );
  await ec2.modifyVpcAttribute({ VpcId: vpc, EnableDnsHostnames: { Value: true } });
  expect(actions(await plan())).toContain('create QuotesPrivateName');
  named.close();
});

describe('the network that goes away when AWS has done what it was asked, and before it says so', () => {
  // Of a stack that is new, moto makes a second one where AWS has one for all its change sets.
  it.each([
    ['CreateChangeSet', 'a change'],
    ['ExecuteChangeSet', 'a change'],
    ['ExecuteChangeSet', 'the first deploy'],
    ['DescribeServices', 'the first deploy'],
    ['PutParameter', 'the first deploy'],
  ])('leaves what the same command adopts, after %s of %s', async (operation, when) => {
    const name = `cut-${operation.toLowerCase()}-${when === 'a change' ? 'change' : 'first'}`;
    if (when === 'a change') await run(name, { quotes: quotes('0'), clock: {} });
    const documents = { quotes: quotes('1'), clock: {} };
    const front = await Front.start(moto.endpoint, operation);
    const cut = orchestrator({ endpoint: front.endpoint });
    await expect(deploy(cut, request(name, documents, { noRollback: true }))).rejects.toThrow(
      /AWS does not answer in eu-west-1/,
    );
    expect(front.isGone).toBe(true);
    cut.close();

    // A minute later, for all that anybody can see: whoever held the lease has said nothing more.
    await deleteParameters(target['aws'], [leaseParameter(name)]);
    await run(name, documents);
    const again = await run(name, documents);
    expect([actions(again), again.record]).toEqual([[], undefined]);
    expect((await target.records(name)).at(0)).toMatchObject({ outcome: 'succeeded' });
    const cloudFormation = await target['aws'].cloudFormation();
    const { Stacks = [] } = await cloudFormation.describeStacks({});
    expect(Stacks.filter(({ StackName }) => StackName === `berth-${name}`)).toHaveLength(1);
    const ecs = await target['aws'].ecs();
    const { serviceArns = [] } = await ecs.listServices({ cluster: 'main', maxResults: 100 });
    expect(serviceArns.filter((arn) => arn.includes(name))).toHaveLength(2);
  });
});

/** Text that does not become shorter. */
function noise(seed: number, length = 1200): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String.fromCharCode(97 + ((state >> 16) % 26));
  }).join('');
}
