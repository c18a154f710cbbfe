import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveEnvironment, type UserError } from '@berth/model';
import type { ManifestObject } from '../object';
import { testEnvironment, testService } from '../testing-models';
import { problemsOf } from '../testing-problems';
import { ecsManifests } from './manifests';
import { renderStackObjects } from './render-stack';
import { objectsOf, templateOf, templateText } from './template';
import { ECR, testEcsCluster, testEcsDesk } from './testing-ecs';

/** `BERTH_UPDATE_GOLDEN=1` writes the golden files anew; read their difference before committing it. */
const UPDATE = process.env['BERTH_UPDATE_GOLDEN'] === '1';

const options = (difference: object = {}) => ({ registry: ECR, cluster: testEcsCluster(difference) });
const environment = testEnvironment({ orchestrator: 'ecs', cluster: 'aws', domain: 'example.com' });
const render = (documents: Record<string, object>, difference: object = {}): ManifestObject[] =>
  renderStackObjects(
    environment,
    Object.entries(documents).map(([name, document]) => testService(name, document)),
    options(difference),
  );
const find = (objects: readonly ManifestObject[], name: string) => {
  const found = objects.find(({ metadata }) => metadata.name === name);
  return found?.['Properties'] as Record<string, unknown>;
};
const kinds = (objects: readonly ManifestObject[]) => objects.map(({ kind }) => kind);
const listener =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/0123456789abcdef/0123456789abcdef';

it('writes the stack of a desk as the golden file has it', () => {
  const desk = testEcsDesk();
  const files = ecsManifests.renderFiles(desk.environment, desk.services, options());
  expect(files.map(({ path }) => path)).toEqual(['cloudformation.yaml']);
  const golden = join(__dirname, '__golden__/cloudformation.yaml');
  if (UPDATE) {
    mkdirSync(dirname(golden), { recursive: true });
    writeFileSync(golden, files[0]!.content);
  }
  expect(existsSync(golden) ? readFileSync(golden, 'utf8') : 'no golden file').toBe(files[0]?.content);
});

it('reads from a template the resources that it was made of', () => {
  const desk = testEcsDesk();
  const objects = renderStackObjects(desk.environment, desk.services, options());
  const [stack, ...resources] = objects;
  expect(stack).toMatchObject({
    kind: 'Stack',
    metadata: { name: 'staging' },
    Tags: { 'berth:environment': 'staging', 'berth:ttl': '3d' },
  });
  const read = objectsOf(JSON.parse(templateText(objects)) as ReturnType<typeof templateOf>);
  const bare = resources.map(({ metadata, ...rest }) => {
    const service = metadata.labels?.['app.kubernetes.io/name'];
    return {
      ...rest,
      metadata: {
        name: metadata.name,
        ...(service ? { labels: { 'app.kubernetes.io/name': service } } : {}),
      },
    };
  });
  expect(read).toEqual(bare);
});

it('runs the image that it is told, and names it without tag in files', () => {
  const image = (images?: ReadonlyMap<string, string>) => {
    const objects = renderStackObjects(environment, [testService('quotes')], {
      ...options(),
      ...(images ? { images } : {}),
    });
    const { ContainerDefinitions } = find(objects, 'QuotesTaskDefinition') as {
      ContainerDefinitions: { Image: string }[];
    };
    return ContainerDefinitions[0]?.Image;
  };
  expect(image()).toBe(`${ECR}/quotes`);
  expect(image(new Map([['quotes', `${ECR}/quotes@sha256:1`]]))).toBe(`${ECR}/quotes@sha256:1`);
});

it('lets in nobody but the tasks of the same environment, and a load balancer where something is public', () => {
  const inside = render({ quotes: { ports: [{ name: 'http', port: 8080 }] } });
  expect(inside.filter(({ kind }) => kind === 'AWS::EC2::SecurityGroupIngress')).toMatchObject([
    {
      Properties: {
        GroupId: { 'Fn::GetAtt': ['TaskSecurityGroup', 'GroupId'] },
        SourceSecurityGroupId: { 'Fn::GetAtt': ['TaskSecurityGroup', 'GroupId'] },
      },
    },
  ]);
  expect(kinds(inside)).not.toContain('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const outside = render({ quotes: { ports: [{ name: 'http', port: 8080, public: true }] } });
  expect(find(outside, 'TaskIngressFromLoadBalancer8080')).toMatchObject({
    SourceSecurityGroupId: { 'Fn::GetAtt': ['LoadBalancerSecurityGroup', 'GroupId'] },
    FromPort: 8080,
    ToPort: 8080,
  });
});

it('adds its rules to a listener that environments share, and makes no load balancer', () => {
  const objects = render(
    { quotes: { ports: [{ name: 'http', port: 8080, public: true }] } },
    { loadBalancer: { listener, securityGroup: 'sg-1', tls: true } },
  );
  expect(kinds(objects)).not.toContain('AWS::ElasticLoadBalancingV2::LoadBalancer');
  expect(find(objects, 'QuotesHttpRule0')).toMatchObject({ ListenerArn: listener });
  expect(find(objects, 'TaskIngressFromLoadBalancer8080')).toMatchObject({ SourceSecurityGroupId: 'sg-1' });
});

it('moves no rule when another service comes', () => {
  const ports = [{ name: 'http', port: 8080, public: true }];
  const priority = (objects: readonly ManifestObject[]) =>
    find(objects, 'QuotesHttpHttpListenerRule0')?.Priority;
  const alone = priority(render({ quotes: { ports } }));
  expect(alone).toBeGreaterThan(0);
  expect(priority(render({ accounts: { ports }, quotes: { ports } }))).toBe(alone);
});

it('gives no two rules of a listener one priority, where their hosts come to the same', () => {
  const ports = [{ name: 'http', port: 8080, public: true }];
  const rules = render(
    { 'quotes-2': { ports }, 'quotes-289': { ports } },
    { loadBalancer: { listener, securityGroup: 'sg-1' } },
  ).filter(({ kind }) => kind === 'AWS::ElasticLoadBalancingV2::ListenerRule');
  expect(rules.map((rule) => (rule['Properties'] as { Priority: number }).Priority)).toEqual([46340, 46341]);
});

it('starts a service after those that it needs, and after the rules that lead to it', () => {
  const { environment: desk, services } = testEcsDesk();
  const web = renderStackObjects(desk, services, options()).find(
    ({ metadata }) => metadata.name === 'WebService',
  );
  expect(web?.['DependsOn']).toEqual(
    expect.arrayContaining(['PricingService', 'ReferenceService', 'WebHttpHttpsListenerRule0']),
  );
});

it('leaves the number of tasks to the autoscaler where there is one', () => {
  const objects = render({ quotes: { scale: { min: 2, max: 4 } }, fixed: { scale: { min: 2 } } });
  expect(find(objects, 'QuotesService')).not.toHaveProperty('DesiredCount');
  expect(find(objects, 'QuotesScalableTarget')).toMatchObject({ MinCapacity: 2, MaxCapacity: 4 });
  expect(find(objects, 'FixedService')).toMatchObject({ DesiredCount: 2 });
});

it('places tasks by a capacity provider on EC2, in just the size that they ask for', () => {
  const objects = render({ quotes: {} }, { capacity: 'ec2', capacityProvider: 'big' });
  expect(find(objects, 'QuotesService')).toMatchObject({
    CapacityProviderStrategy: [{ CapacityProvider: 'big', Weight: 1 }],
  });
  expect(find(objects, 'QuotesService')).not.toHaveProperty('LaunchType');
  expect(find(objects, 'QuotesTaskDefinition')).toMatchObject({
    RequiresCompatibilities: ['EC2'],
    Cpu: '128',
    Memory: '192',
  });
});

it('gives a role no right that the service does not use', () => {
  const actions = (objects: readonly ManifestObject[]) => {
    const { Policies } = find(objects, 'QuotesExecutionRole') as {
      Policies: { PolicyDocument: { Statement: { Action: string[] }[] } }[];
    };
    return Policies[0]?.PolicyDocument.Statement.flatMap(({ Action }) => Action);
  };
  expect(actions(render({ quotes: { image: 'public.ecr.aws/nginx/nginx:1.29' } }))).toEqual([
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
  expect(actions(render({ quotes: { secrets: ['KEY'] } }))).toEqual(
    expect.arrayContaining(['ecr:BatchGetImage', 'ssm:GetParameters']),
  );
});

it('gives containers no role but the one that is named', () => {
  const role = 'arn:aws:iam::123456789012:role/quotes';
  const objects = render({ quotes: { taskRole: role }, other: {} });
  expect(find(objects, 'QuotesTaskDefinition')).toMatchObject({ TaskRoleArn: role });
  expect(find(objects, 'OtherTaskDefinition')).not.toHaveProperty('TaskRoleArn');
});

describe('names across environments', () => {
  const services = {
    quotes: { ports: [{ name: 'http', port: 8080, public: true }] },
    ledger: { ports: [{ name: 'http', port: 8081 }] },
  };
  const privateNames = { domain: 'desk.internal', securityGroup: 'sg-0123' };
  const groups = (objects: readonly ManifestObject[], name: string) =>
    (find(objects, name) as { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: unknown[] } } })
      .NetworkConfiguration.AwsvpcConfiguration.SecurityGroups;
  const own = { 'Fn::GetAtt': ['TaskSecurityGroup', 'GroupId'] };

  it('lead to public services alone, and let in tasks of admin alone', () => {
    const objects = render(services, { privateNames });
    expect(find(objects, 'PrivateNamespace')).toMatchObject({
      Name: 'staging.desk.internal',
      Vpc: 'vpc-0123456789abcdef0',
    });
    expect(find(objects, 'QuotesPrivateName')).toMatchObject({
      Name: 'quotes',
      DnsConfig: { NamespaceId: { Ref: 'PrivateNamespace' }, DnsRecords: [{ Type: 'A', TTL: 10 }] },
    });
    expect(find(objects, 'QuotesService')).toMatchObject({
      ServiceRegistries: [{ RegistryArn: { 'Fn::GetAtt': ['QuotesPrivateName', 'Arn'] } }],
    });
    expect(find(objects, 'LedgerPrivateName')).toBeUndefined();
    expect(find(objects, 'LedgerService')).not.toHaveProperty('ServiceRegistries');
    expect(find(objects, 'TaskIngressFromAdmin8080')).toMatchObject({
      GroupId: own,
      SourceSecurityGroupId: 'sg-0123',
      FromPort: 8080,
      ToPort: 8080,
    });
    expect(find(objects, 'TaskIngressFromAdmin8081')).toBeUndefined();
    expect(groups(objects, 'QuotesService')).toEqual([own]);
  });

  it('are reached from admin, whose tasks are in the group that the others let in', () => {
    const admin = { ...environment, name: 'admin', root: 'deploy/environments/admin' };
    const objects = renderStackObjects(
      admin,
      Object.entries(services).map(([name, document]) => testService(name, document)),
      options({ privateNames }),
    );
    expect(groups(objects, 'LedgerService')).toEqual([own, 'sg-0123']);
    expect(find(objects, 'TaskIngressFromAdmin8080')).toBeUndefined();
    expect(find(objects, 'PrivateNamespace')).toMatchObject({ Name: 'admin.desk.internal' });
  });

  it('are not there where cluster.json says nothing of them', () => {
    const types = kinds(render(services));
    expect(types).not.toContain('AWS::ServiceDiscovery::PrivateDnsNamespace');
    expect(types).not.toContain('AWS::ServiceDiscovery::Service');
  });
});

const port = { name: 'http', port: 8080 };
const open = { ...port, public: true };

const refused: [object, object, RegExp][] = [
  [{ ports: [{ ...port, nodePort: 30080 }] }, {}, /at ports\[0\]\.nodePort: cannot be had on ECS: each task/],
  [
    { taskRole: 'arn:aws:iam::210987654321:role/quotes' },
    {},
    /at taskRole: is a role of the account 210987654321; ECS gives tasks roles of their own account, 123456789012/,
  ],
  [{ apiAccess: true }, {}, /at apiAccess: cannot be had on ECS: there is no API of a Kubernetes cluster/],
  [
    { ports: [open], proxy: { readTimeout: 5000 } },
    {},
    /at proxy\.readTimeout: must be at most 4000 on ECS, not 5000/,
  ],
  [
    { ports: [open], proxy: { readTimeout: 60 } },
    { loadBalancer: { listener, securityGroup: 'sg-1' } },
    /at proxy\.readTimeout: is set at the load balancer/,
  ],
  [{ ports: [open], proxy: { path: `/${'p'.repeat(130)}` } }, {}, /at proxy\.path: must have at most 126/],
  [{ writable: ['/tmp'] }, { busybox: undefined }, /at writable: needs .* chown .*ecs\.busybox/],
  [{ resources: { cpu: '17' } }, {}, /at resources: are more than the biggest task of Fargate has/],
  [
    { volumes: [{ name: 'data', path: '/data', size: '1Gi' }], scale: { min: 2 } },
    {},
    /at scale: must be min 1 without max beside volumes/,
  ],
  [{ scale: { min: 1, max: 2, cpu: 200 } }, {}, /at scale\.cpu: must be at most 100 on ECS/],
  [
    { ports: [port], health: { path: '/' } },
    { busybox: undefined },
    /at health\.path: cannot be asked on ECS where the port is not public.*or ask by exec/,
  ],
  [
    { ports: [port], health: { grpc: true } },
    {},
    /at health\.grpc: cannot be asked on ECS where the port is not public/,
  ],
  [
    { ports: [port], health: { path: '/', liveness: { tcp: true } } },
    {},
    /at health\.liveness: must be the same as readiness on ECS/,
  ],
  [
    { health: { exec: ['true'], startSeconds: 900 } },
    {},
    /at health\.startSeconds: must be at most 300 on ECS, not 900/,
  ],
  [{ ports: [open] }, { loadBalancer: undefined }, /at ports\[0\]\.public: needs a load balancer on ECS/],
  [
    { ports: [{ ...open, appProtocol: 'grpc' }] },
    { loadBalancer: { subnets: ['subnet-1', 'subnet-2'] } },
    /at ports\[0\]\.public: needs HTTPS for gRPC/,
  ],
  [{ ports: [open], proxy: { bodySize: '1m' } }, {}, /at proxy\.bodySize: cannot be had on ECS/],
  [{ ports: [open], proxy: { connectTimeout: 3 } }, {}, /at proxy\.connectTimeout: cannot be had on ECS/],
  [{ ports: [open], proxy: { hsts: 300 } }, {}, /at proxy\.hsts: cannot be had on ECS/],
  [
    { ports: [open], proxy: { redirect: 'https' } },
    { loadBalancer: { subnets: ['subnet-1', 'subnet-2'] } },
    /at proxy\.redirect: needs HTTPS/,
  ],
  [
    { ports: [open], alerts: { errors: 0.1 } },
    {},
    /at alerts: has no effect on ECS.*"alerts": null at services\.quotes/,
  ],
  [
    { sidecars: [{ name: 'berth-probe', command: ['x'] }] },
    {},
    /at sidecars\[0\]\.name: must not be berth-probe/,
  ],
];

it.each(refused)('refuses %j on %j, with its place', (document, cluster, message) => {
  expect(() => render({ quotes: document }, cluster)).toThrow(message);
});

it.each(refused)(
  'says of %j on %j what to do next, and what it says to write is taken',
  (document, cluster) => {
    const problems = problemsOf(() => render({ quotes: document }, cluster));
    expect(problems.filter(({ hint }) => !hint)).toEqual([]);
    for (const { path, hint } of problems) {
      const [, override] = /env\.json: "services": (\{.*\})$/.exec(hint ?? '') ?? [];
      if (override === undefined) continue;
      const services = JSON.parse(override) as Record<string, object>;
      const overridden = testEnvironment({ orchestrator: 'ecs', cluster: 'aws', services });
      const resolve = () => resolveEnvironment(overridden, [testService('quotes', document)]);
      const left = problemsOf(() => renderStackObjects(overridden, resolve(), options(cluster)));
      // What else is wrong with it may stay; nothing may come.
      const others = problems.map((each) => each.path).filter((each) => each !== path);
      expect(others).toEqual(expect.arrayContaining(left.map((each) => each.path)));
    }
  },
);

it('refuses what is for other orchestrators alone together with the rest, patches too', () => {
  const service = testService('quotes', {
    nodeFolders: [{ folder: '/srv/certificates', path: '/certificates' }],
    apiAccess: true,
  });
  const problems = problemsOf(() =>
    renderStackObjects(environment, [service], { ...options(), patches: ['more.yaml'] }),
  );
  expect(problems.map(({ file, path }) => `${file} ${path}`.trim())).toEqual([
    `${environment.root}/patches/more.yaml`,
    'apps/quotes/service.json nodeFolders',
    'apps/quotes/service.json apiAccess',
  ]);
});

it('tells all problems of all services at once, those of env.json at their place there', () => {
  const { environment: desk } = testEcsDesk();
  const overridden = { ...desk, services: { quotes: { apiAccess: true } } };
  expect(() =>
    renderStackObjects(
      overridden,
      [testService('quotes', { apiAccess: true }), testService('other', { apiAccess: true })],
      options(),
    ),
  ).toThrow(/staging\/env\.json at services\.quotes\.apiAccess: [^]*other\/service\.json at apiAccess: /);
});

it('refuses a cluster without an account', () => {
  expect(() => renderStackObjects(environment, [testService('quotes')], { registry: ECR })).toThrow(
    'deploy/clusters/aws/cluster.json at ecs: is missing, and deploy/environments/staging/env.json says that the environment runs on ECS',
  );
});

it('refuses what CloudFormation would not take for its size', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`quotes-${index}`, {}]));
  expect(() => render(many)).toThrow(
    /aws\/cluster\.json at ecs\.templateBucket: is missing; the template of staging has \d+ bytes, and CloudFormation takes more than 51200 only from a bucket/,
  );
  expect(() => render(many, { templateBucket: 'templates' })).not.toThrow();
  const noisy = Object.fromEntries(
    Object.keys(many).map((name) => [name, { env: { NOISE: 'x'.repeat(25_000) } }]),
  );
  expect(() => render(noisy, { templateBucket: 'templates' })).toThrow(
    /The template of staging would have \d+ bytes; CloudFormation takes 1000000\./,
  );
});

it('names the command that makes a bucket, in the account and the region of the cluster', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`quotes-${index}`, {}]));
  let refusal: unknown;
  try {
    render(many);
  } catch (error) {
    refusal = error;
  }
  expect((refusal as UserError).hint).toBe(
    'aws s3 mb s3://berth-templates-123456789012-eu-west-1 --region eu-west-1 --profile desk makes one; then write "templateBucket": "berth-templates-123456789012-eu-west-1" there.',
  );
});
