import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ProcessRunner, pythonProgram } from '@berth/exec';
import type { Cluster } from '@berth/model';
import { Aws } from './aws';
import { testAccount } from './testing-models';

const version = '5.2.1';
const limitMs = 60_000;

/** An account that moto plays, on a port of its own of this machine. Its ECS says that one task runs of each service. */
export class Moto {
  private constructor(
    readonly endpoint: string,
    readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<Moto> {
    const program = await pythonProgram({ name: 'moto_server', package: 'moto[server]', version });
    const port = await freePort();
    const stopping = new AbortController();
    let failure: unknown;
    const ended = new ProcessRunner()
      .run([...program, '-H', '127.0.0.1', '-p', String(port)], {
        signal: stopping.signal,
        env: { MOTO_ECS_SERVICE_RUNNING: '1' },
      })
      .catch((error: unknown) => (failure = error));
    const endpoint = `http://127.0.0.1:${port}`;
    for (const limit = Date.now() + limitMs; ; await delay(100)) {
      if (failure) throw failure;
      const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
      if (answer?.ok) break;
      if (Date.now() > limit) throw new Error(`moto does not answer at ${endpoint}`);
    }
    return new Moto(endpoint, async () => {
      stopping.abort();
      await ended;
    });
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
