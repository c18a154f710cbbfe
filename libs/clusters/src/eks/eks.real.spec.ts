import { refusalOf as refused, runAll } from '../contract';
import type { AwsFault } from './testing/moto';
import { billedOf, eksSetup, type EksSetup } from './testing/setup';

describe('eks, with the real SDK', () => {
  let setup: EksSetup;

  beforeAll(async () => {
    setup = await eksSetup();
  }, 300_000);
  afterAll(() => setup.close(), 60_000);
  afterEach(() => setup.gate.forgetFaults());

  const on = (line: RegExp, status: number, type: string, message: string): AwsFault => ({
    on: line,
    how: { status, type, message },
  });

  it('shows the nearest of regions and instance types, and makes nothing', async () => {
    const { provider, cluster, aws } = setup;
    const place = await refused(provider.planCreate(cluster({ region: 'eu-centrl-1' })));
    expect(place.message).toContain(
      'deploy/clusters/prod/cluster.json at region: AWS has no region "eu-centrl-1"',
    );
    expect(place.hint).toContain('eu-central-1');
    const type = await refused(provider.planCreate(cluster({ machineTypes: ['t3.large', 't3.lage'] })));
    expect(type.message).toContain('at machineTypes[1]: there is no instance type "t3.lage" in eu-central-1');
    expect(type.hint).toContain('t3.large');
    expect(await billedOf(aws)).toEqual([]);
  }, 120_000);

  it('says who is not signed in, which permission lacks and which quota is used up, and goes on afterwards', async () => {
    const { provider, cluster, gate, aws } = setup;
    const expired = 'The security token included in the request is expired';
    gate.fail(on(/^GET \/clusters\/prod/, 403, 'ExpiredTokenException', expired));
    expect((await refused(provider.planCreate(cluster()))).hint).toContain('Sign in');

    const may = 'User: arn:aws:iam::1:user/me is not authorized to perform: eks:CreateCluster on resource: x';
    gate.fail(on(/^POST \/clusters$/, 403, 'AccessDeniedException', may));
    const forbidden = await refused(provider.planCreate(cluster()).then(runAll));
    expect(forbidden.hint).toContain('The permission is eks:CreateCluster.');

    const quota = 'Maximum number of node groups exceeded';
    gate.fail(on(/^POST \/clusters\/prod\/node-groups/, 400, 'ResourceLimitExceededException', quota));
    const full = await refused(provider.planCreate(cluster()).then(runAll));
    expect(full.message).toContain(quota);
    expect(full.hint).toContain('servicequotas');

    await runAll(await provider.planCreate(cluster()));
    expect(await provider.planCreate(cluster())).toEqual([]);
    expect(gate.requests.filter((line) => line === 'POST / CreateStack')).toHaveLength(1);
    await runAll(await provider.planDestroy(cluster()));
    expect(await billedOf(aws)).toEqual([]);
  }, 240_000);

  it('takes the volumes of services along, and subnets that are there without a network of its own', async () => {
    const { provider, cluster, aws } = setup;
    const { Subnets: subnets = [] } = await aws.ec2.describeSubnets({});
    const own = cluster({
      subnets: subnets.slice(0, 2).map(({ SubnetId: id }) => id),
      minNodes: 2,
      maxNodes: 4,
    });
    await runAll(await provider.planCreate(own));
    const group = await aws.eks.describeNodegroup({ clusterName: 'prod', nodegroupName: 'berth' });
    expect(group.nodegroup).toMatchObject({
      scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 3 },
      tags: { 'k8s.io/cluster-autoscaler/enabled': 'true', 'managed-by': 'berth' },
    });
    const tags = [{ Key: 'kubernetes.io/cluster/prod', Value: 'owned' }];
    const { VolumeId: volume } = await aws.ec2.createVolume({
      ...{ AvailabilityZone: 'eu-central-1a', Size: 10 },
      TagSpecifications: [{ ResourceType: 'volume', Tags: tags }],
    });
    const steps = await provider.planDestroy(own);
    expect(steps.map(({ title }) => title)).toEqual([
      'Load balancers of the cluster',
      'Nodes',
      'Cluster prod',
      'Volumes of services',
      'Network and roles',
      'Credentials',
    ]);
    expect(steps[3]?.details).toEqual([`delete volume ${volume} (10 GiB) with all data`]);
    await runAll(steps);
    expect(await billedOf(aws)).toEqual([]);
  }, 240_000);

  it('leaves a cluster of somebody else alone', async () => {
    const { provider, cluster, aws } = setup;
    const role = 'arn:aws:iam::123456789012:role/other';
    await aws.eks.createCluster({ name: 'prod', roleArn: role, resourcesVpcConfig: { subnetIds: [] } });
    for (const plan of ['planCreate', 'planDestroy'] as const)
      expect((await refused(provider[plan](cluster()))).message).toMatch(
        /^The name is taken: .*did not make/,
      );
    await aws.eks.deleteCluster({ name: 'prod' });
  }, 120_000);
});
