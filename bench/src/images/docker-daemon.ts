import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon, type Runner, leaveWish } from '@berth/exec';

/** For documentation only (RFC 5737), so no machine has it. */
const ADDRESS = '192.0.2.1/30';

/**
 * A dockerd of the benchmark's own: it begins with an empty store and an empty cache, and both go with its folder.
 */
export class DockerDaemon {
  private constructor(
    /** As in DOCKER_HOST. */
    readonly host: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** @throws ProgramError when it ends instead of answering */
  static async start(folder: string, runner: Runner): Promise<DockerDaemon> {
    mkdirSync(folder);
    const at = (name: string) => join(folder, name);
    const host = `unix://${at('docker.sock')}`;
    const bridge = await ownBridge(runner);
    writeFileSync(at('daemon.json'), '{}');
    const argv = [
      ...['dockerd', '--config-file', at('daemon.json'), '--host', host, '--pidfile', at('pid')],
      ...['--data-root', at('data'), '--exec-root', at('exec')],
      ...['--containerd-namespace', 'berth-bench', '--containerd-plugins-namespace', 'berth-bench-plugins'],
      ...['--bridge', bridge.name, '--iptables=false', '--ip-forward=false', '--ip-masq=false'],
    ];
    try {
      const daemon = await Daemon.start('dockerd', argv, () => answers(host, runner));
      return new DockerDaemon(host, async () => {
        await daemon.stop();
        await bridge.remove();
      });
    } catch (error) {
      await bridge.remove();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.end();
  }
}

/** Without a bridge of its own a dockerd takes the one of the machine's, or deletes it. */
async function ownBridge(runner: Runner): Promise<{ name: string; remove: () => Promise<void> }> {
  const name = `berth-${process.pid}`;
  const removal = ['ip', 'link', 'delete', name];
  await runner.run(['ip', 'link', 'add', name, 'type', 'bridge']);
  const withdraw = leaveWish({ command: removal });
  const remove = async () => {
    await runner.run(removal);
    withdraw();
  };
  try {
    await runner.run(['ip', 'address', 'add', ADDRESS, 'dev', name]);
  } catch (error) {
    await remove();
    throw error;
  }
  return { name, remove };
}

function answers(host: string, runner: Runner): Promise<boolean> {
  return runner.run(['docker', '--host', host, 'version']).then(
    () => true,
    () => false,
  );
}
