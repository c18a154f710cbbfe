import { leaveWish, type Runner } from '@berth/exec';

/** Every address in it is this network's own, so that thousands of endpoints need no interface. */
export const ENDPOINTS = '10.96.0.0/12';

/**
 * A network without a way out: whatever runs in it listens where it likes, and nobody else hears it. A container of
 * docker's holds it, so that other containers can be in it too.
 */
export class OwnNetwork {
  private constructor(
    /** In the form of `docker run --network`. */
    readonly name: string,
    private readonly namespace: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param image any that has Node */
  static async start(image: string, runner: Runner): Promise<OwnNetwork> {
    const docker = async (...argv: string[]) => (await runner.run(['docker', ...argv])).stdout.trim();
    const waits = ['node', '--eval', 'setInterval(() => undefined, 2 ** 30)'];
    const container = await docker('run', '--detach', '--network', 'none', image, ...waits);
    const removal = ['docker', 'rm', '--force', container];
    const withdraw = leaveWish({ command: removal });
    const end = async () => {
      await runner.run(removal);
      withdraw();
    };
    try {
      const pid = await docker('inspect', '--format', '{{.State.Pid}}', container);
      const network = new OwnNetwork(`container:${container}`, `/proc/${pid}/ns/net`, end);
      await runner.run(network.inside('ip', 'route', 'add', 'local', ENDPOINTS, 'dev', 'lo'));
      return network;
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** The command line that runs a program of this machine in it. */
  inside(...argv: string[]): string[] {
    return ['nsenter', `--net=${this.namespace}`, '--', ...argv];
  }

  remove(): Promise<void> {
    return this.end();
  }
}
