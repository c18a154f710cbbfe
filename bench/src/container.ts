import { leaveWish, ProcessRunner } from '@berth/exec';
import { residentMegabytes } from './measure';

const runner = new ProcessRunner();
const docker = async (...argv: string[]) => (await runner.run(['docker', ...argv])).stdout.trim();

export interface ContainerOptions {
  image: string;
  /** In the form of `docker run --network`. */
  network: string;
  argv?: readonly string[];
  /** Paths in the container by paths here. */
  volumes: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  /** All that it may have, as `docker run --memory` takes it; without a limit when absent. */
  memory?: string;
}

/** A container as the pods of a cluster have them: no user's rights but an ordinary one's, and a read-only root. */
export class Container {
  private constructor(
    private readonly id: string,
    private readonly withdraw: () => void,
  ) {}

  static async start({
    image,
    network,
    argv = [],
    volumes,
    env = {},
    memory,
  }: ContainerOptions): Promise<Container> {
    const id = await docker(
      // Logs are written and not kept: who collects them is no part of what is measured.
      ...['create', '--network', network, '--user', '1000:1000', '--log-driver', 'none'],
      ...['--read-only', '--tmpfs', '/tmp:mode=1777', '--cap-drop', 'ALL'],
      ...Object.entries(volumes).flatMap(([here, there]) => ['--volume', `${here}:${there}`]),
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...(memory ? ['--memory', memory, '--memory-swap', memory] : []),
      image,
      ...argv,
    );
    const container = new Container(id, leaveWish({ command: ['docker', 'rm', '--force', id] }));
    try {
      await container.run();
      return container;
    } catch (error) {
      await container.remove();
      throw error;
    }
  }

  async signal(name: 'HUP' | 'KILL'): Promise<void> {
    await docker('kill', '--signal', name, this.id);
  }

  /** Starts its program, for the first time or after it has ended. */
  async run(): Promise<void> {
    await docker('start', this.id);
  }

  /** Megabytes that each of its processes has resident whose title fits. */
  async megabytes(title: RegExp): Promise<number[]> {
    return (await this.processes(title)).map(residentMegabytes);
  }

  /** The pids, on this machine, of those of its processes whose title fits. */
  async processes(title: RegExp): Promise<number[]> {
    const lines = (await docker('top', this.id, '-eo', 'pid,args')).split('\n').slice(1);
    return lines.filter((line) => title.test(line)).map((line) => Number(line.trim().split(' ')[0]));
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', '--volumes', this.id);
    this.withdraw();
  }
}
