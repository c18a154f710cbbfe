import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMoto } from '@berth/exec/src/testing-moto';
import { parseCluster, UserError, type Cluster } from '@berth/model';
import { connectAws, type Aws } from '../aws';
import { Eks } from '../eks';
import { AwsGate } from './moto';

/** For tests: the real SDK, which asks moto. */
export interface EksSetup {
  gate: AwsGate;
  provider: Eks;
  workspace: string;
  /** AWS, past Berth. */
  aws: Aws;
  cluster(fields?: object, name?: string): Cluster;
  close(): Promise<void>;
}

export async function eksSetup(): Promise<EksSetup> {
  const gate = await AwsGate.open(await startMoto());
  const workspace = mkdtempSync(join(tmpdir(), 'berth-eks-'));
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret-of-the-test' };
  const overrides = { endpoint: gate.endpoint, credentials };
  const aws = await connectAws({ region: 'eu-central-1' }, overrides);
  gate.beforeDeletion = () => deleteRouteTables(aws);
  return {
    gate,
    workspace,
    aws,
    provider: new Eks(
      // One attempt: the SDK's own would outlast what the tests break.
      (place) => connectAws(place, { ...overrides, maxAttempts: 1 }),
      workspace,
      { everyMs: 5, limitMs: 60_000, failures: 1 },
      () => {
        throw new UserError('the cluster of the test has no API server');
      },
    ),
    cluster: (fields = {}, name = 'prod') =>
      parseCluster(JSON.stringify({ provider: 'eks', region: 'eu-central-1', ...fields }), {
        ...{ name, root: `deploy/clusters/${name}` },
      }),
    close: async () => {
      await gate.close();
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

/** Everything of these clusters that is there. */
export async function billedOf({ eks, ec2, cloudFormation }: Aws): Promise<string[]> {
  const { clusters = [] } = await eks.listClusters({});
  const groups = await Promise.all(clusters.map((clusterName) => eks.listNodegroups({ clusterName })));
  const { Volumes: volumes = [] } = await ec2.describeVolumes({});
  const { Vpcs: networks = [] } = await ec2.describeVpcs({});
  const { Stacks: stacks = [] } = await cloudFormation.describeStacks({});
  return [
    ...clusters.map((name) => `cluster ${name}`),
    ...groups.flatMap(({ nodegroups = [] }) => nodegroups.map((name) => `nodes ${name}`)),
    ...volumes.map(({ VolumeId: id }) => `volume ${id}`),
    ...networks.filter(({ IsDefault: isDefault }) => !isDefault).map(({ VpcId: id }) => `network ${id}`),
    ...stacks.map(({ StackName: name }) => `stack ${name}`),
  ];
}

/** Moto's stacks leave their route tables behind, and then cannot delete the network; those of AWS do not. */
async function deleteRouteTables({ ec2 }: Aws): Promise<void> {
  const { RouteTables: tables = [] } = await ec2.describeRouteTables({});
  for (const { RouteTableId: id, Associations: associations = [], Tags: tags = [] } of tables) {
    if (!tags.some(({ Value: value = '' }) => value.startsWith('berth-'))) continue;
    for (const { RouteTableAssociationId: association } of associations)
      await ec2.disassociateRouteTable({ AssociationId: association });
    await ec2.deleteRouteTable({ RouteTableId: id });
  }
}
