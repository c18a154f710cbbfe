import { startMoto } from '@berth/exec/src/testing-moto';
import type { Cluster } from '@berth/model';
import { Aws } from './aws';
import { testAccount } from './testing-models';

/** An account that moto plays, on a port of its own of this machine. Its ECS says that one task runs of each service. */
export class Moto {
  private constructor(
    readonly endpoint: string,
    readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<Moto> {
    const { endpoint, stop } = await startMoto({ MOTO_ECS_SERVICE_RUNNING: '1' });
    return new Moto(endpoint, stop);
  }

  /** A cluster of ECS with a network, in this account. */
  async account(name: string): Promise<Cluster> {
    const aws = new Aws({ ...settingsOf(testAccount()), endpoint: this.endpoint });
    const [ecs, ec2] = await Promise.all([aws.ecs(), aws.ec2()]);
    await ecs.createCluster({ clusterName: name });
    const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
    const VpcId = Vpc?.VpcId ?? '';
    const subnets = await Promise.all(
      ['a', 'b'].map(async (zone, index) => {
        const { Subnet } = await ec2.createSubnet({
          VpcId,
          CidrBlock: `10.0.${index}.0/24`,
          AvailabilityZone: `eu-west-1${zone}`,
        });
        return Subnet?.SubnetId ?? '';
      }),
    );
    aws.close();
    return testAccount({
      cluster: name,
      vpc: VpcId,
      subnets,
      loadBalancer: { subnets },
      endpoint: this.endpoint,
    });
  }
}

/** The settings of a cluster on ECS. */
export function settingsOf({ ecs }: Cluster) {
  if (!ecs) throw new Error('the cluster has no account');
  return ecs;
}

/** The SDK takes credentials of the process; moto takes any. */
export function invented(): void {
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_WEB_IDENTITY_TOKEN_FILE'])
    delete process.env[name];
  process.env['AWS_ACCESS_KEY_ID'] = 'invented';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'invented';
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}
