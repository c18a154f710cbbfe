import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, leaveWish, LocalFiles, ProcessRunner, unmountBelow } from '@berth/exec';
import { dockerdOptions } from '@berth/exec/src/testing-dockerd';
import { DockerClient } from './docker/client';
import { forwarder } from './testing-forwarder';

/** For documentation only (RFC 5737), and in a network of its own besides. */
const nodeAddress = '192.0.2.1';
const registryPort = 5000;

/**
 * A Swarm of one node for tests: a dockerd, which {@link dockerdOptions} chooses, with a store, sockets and a network
 * namespace of its own, so that its bridges, rules and ports meet nothing of the machine's. All that it is made of are
 * programs of this process, which end with it, however it ends; so its namespace goes, and what is on the disk goes with
 * the folder.
 *
 * The registry of the machine answers in it at the same name, localhost:5000: through a socket in the folder.
 */
export class TestSwarm {
  private constructor(
    private readonly folder: string,
    private readonly daemons: Daemon[],
    private readonly inside: readonly string[],
    readonly client: DockerClient,
    private readonly withdraw: () => void,
  ) {}

  /** @param swarm whether it is to be one; else a dockerd that is in none */
  static async start({ swarm = true }: { swarm?: boolean } = {}): Promise<TestSwarm> {
    const folder = mkdtempSync(join(tmpdir(), 'berth-test-swarm-'));
    const withdraw = leaveWish({ folder });
    const daemons: Daemon[] = [];
    const runner = new ProcessRunner();
    try {
      const holder = join(folder, 'holder');
      // A namespace lives as long as a process in it. `exec` keeps the id that the shell has written.
      const hold = ['unshare', '--net', 'sh', '-c', `echo $$ > ${holder}; exec sleep infinity`];
      const begun = () => runner.run(['test', '-s', holder]).then(yes, no);
      daemons.push(await Daemon.start('unshare', hold, begun));
      const { stdout } = await runner.run(['cat', holder]);
      const inside = ['nsenter', `--net=/proc/${stdout.trim()}/ns/net`];
      for (const argv of [
        ['ip', 'link', 'set', 'lo', 'up'],
        ['ip', 'link', 'add', 'node0', 'type', 'bridge'],
        ['ip', 'address', 'add', `${nodeAddress}/24`, 'dev', 'node0'],
        ['ip', 'link', 'set', 'node0', 'up'],
      ])
        await runner.run([...inside, ...argv]);
      const socket = join(folder, 'registry.sock');
      const forward = ['node', '-e', forwarder];
      const there = () => runner.run(['test', '-S', socket]).then(yes, no);
      daemons.push(await Daemon.start('node', [...forward, socket, String(registryPort)], there));
      daemons.push(
        await Daemon.start('node', [...inside, ...forward, String(registryPort), socket], async () => true),
      );
      const client = await startDocker(folder, inside, daemons);
      if (swarm)
        await client.post('/swarm/init', {
          body: { ListenAddr: `${nodeAddress}:2377`, AdvertiseAddr: nodeAddress },
        });
      return new TestSwarm(folder, daemons, inside, client, withdraw);
    } catch (error) {
      for (const daemon of daemons.reverse()) await daemon.stop();
      withdraw();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** As in cluster.json. */
  get address(): string {
    return this.client.address;
  }

  /** Runs a program in its network. */
  run(argv: readonly string[]): Promise<string> {
    return new ProcessRunner().run([...this.inside, ...argv]).then(({ stdout }) => stdout);
  }

  /** A socket of this machine that leads to a port of its node. */
  async socketTo(port: number): Promise<string> {
    const socket = join(this.folder, `port-${port}.sock`);
    const argv = [...this.inside, 'node', '-e', forwarder, socket, `${nodeAddress}:${port}`];
    const there = () => new ProcessRunner().run(['test', '-S', socket]).then(yes, no);
    this.daemons.push(await Daemon.start('node', argv, there));
    return socket;
  }

  async stop(): Promise<void> {
    // With the Swarm its tasks end too; a dockerd that is only stopped leaves them to its next start.
    await this.client.post('/swarm/leave', { query: { force: true } }).catch(() => undefined);
    this.client.close();
    for (const daemon of [...this.daemons].reverse()) await daemon.stop();
    // It removes the networks of a Swarm that it leaves a moment later, or when it starts next: they have mounts.
    await unmountBelow({ files: new LocalFiles(), runner: new ProcessRunner() }, [this.folder]);
    this.withdraw();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function startDocker(
  folder: string,
  inside: readonly string[],
  daemons: Daemon[],
): Promise<DockerClient> {
  const at = (name: string) => join(folder, name);
  mkdirSync(at('data'));
  const { env, settings } = await dockerdOptions();
  writeFileSync(at('daemon.json'), JSON.stringify(settings));
  const address = `unix://${at('docker.sock')}`;
  const argv = [
    ...['dockerd', '--config-file', at('daemon.json'), '--host', address, '--pidfile', at('pid')],
    ...['--data-root', at('data'), '--exec-root', at('exec')],
    // Without it dockerd would start its containers by the containerd of the machine, if there is one.
    ...['--containerd', at('containerd.sock')],
  ];
  const client = new DockerClient({ address });
  const containerd = [
    'containerd',
    '--root',
    at('containerd'),
    '--state',
    at('containerd-state'),
    '--address',
    at('containerd.sock'),
  ];
  const answers = () => new ProcessRunner().run(['test', '-S', at('containerd.sock')]).then(yes, no);
  daemons.push(await Daemon.start('containerd', [...inside, ...containerd], answers, { env }));
  daemons.push(
    await Daemon.start('dockerd', [...inside, ...argv], () => client.get('/version').then(yes, no), { env }),
  );
  return client;
}

const yes = () => true;
const no = () => false;
