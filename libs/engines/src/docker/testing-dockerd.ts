import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, leaveWish, ProcessRunner } from '@berth/exec';
import { dockerdOptions } from '@berth/exec/src/testing-dockerd';

/**
 * A dockerd for tests, which {@link dockerdOptions} chooses, with a store of its own and a bridge of its own, on which this
 * machine reaches its containers. It makes no rules of the machine's firewall, where another dockerd has its own.
 */
export class TestDockerd {
  private constructor(
    readonly host: string,
    private readonly stops: (() => Promise<unknown>)[],
  ) {}

  static async start(): Promise<TestDockerd> {
    const folder = mkdtempSync(join(tmpdir(), 'berth-test-dockerd-'));
    const at = (name: string) => join(folder, name);
    const host = `unix://${at('docker.sock')}`;
    const runner = new ProcessRunner();
    const withdraw = leaveWish({ folder });
    const stops = [
      async () => {
        withdraw();
        rmSync(folder, { recursive: true, force: true });
      },
    ];
    const dockerd = new TestDockerd(host, stops);
    try {
      const { env, settings } = await dockerdOptions();
      mkdirSync(at('data'));
      writeFileSync(at('daemon.json'), JSON.stringify(settings));
      const number = 1 + (process.pid % 250);
      const bridge = `berth-engine${number}`;
      await runner.run(['ip', 'link', 'add', bridge, 'type', 'bridge']);
      stops.push(async () => void (await runner.run(['ip', 'link', 'delete', bridge])));
      // Of the networks for benchmarks (RFC 2544), as the machines of the tests of a Swarm have them.
      await runner.run(['ip', 'address', 'add', `198.19.${number}.1/24`, 'dev', bridge]);
      await runner.run(['ip', 'link', 'set', bridge, 'up']);
      const socket = at('containerd.sock');
      const containerd = ['containerd', '--root', at('containerd'), '--state', at('state')];
      const there = () => runner.run(['test', '-S', socket]).then(yes, no);
      const content = await Daemon.start('containerd', [...containerd, '--address', socket], there, { env });
      stops.push(() => content.stop());
      const argv = [
        ...['dockerd', '--config-file', at('daemon.json'), '--host', host, '--pidfile', at('pid')],
        ...['--data-root', at('data'), '--exec-root', at('exec'), '--containerd', socket],
        ...['--bridge', bridge, '--iptables=false', '--ip6tables=false', '--ip-forward=false'],
      ];
      const answers = () => runner.run(['docker', 'version'], { env: { DOCKER_HOST: host } }).then(yes, no);
      const daemon = await Daemon.start('dockerd', argv, answers, { env });
      stops.push(() => daemon.stop());
      return dockerd;
    } catch (error) {
      await dockerd.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0).reverse()) await stop();
  }
}

const yes = () => true;
const no = () => false;
