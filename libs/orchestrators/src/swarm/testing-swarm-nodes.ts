import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, leaveWish, listProcesses, ownMark, ProcessRunner } from '@berth/exec';
import { dockerdOptions } from '@berth/exec/src/testing-dockerd';
import { until } from '@berth/exec/src/testing-until';
import { TestAuthority } from '@berth/exec/src/testing-authority';
import { DockerClient } from './docker/client';
import type { DockerNode } from './docker/objects';
import { forwarder } from './testing-forwarder';

const bootMs = 60_000;
const joinMs = 60_000;
const joinPort = 2377;

/** A machine of a {@link TestSwarmNodes}. */
export interface TestNode {
  name: string;
  /** In a network that only these machines and this one are in. */
  address: string;
  /** As in cluster.json: by TCP with certificates. */
  docker: string;
  folder: string;
  cgroup: string;
}

/**
 * A Swarm of several nodes for tests: machines made of mount, network, process and host name namespaces, each with a dockerd
 * of its own that asks for certificates of one authority, on a switch that is a network namespace too. Their first processes
 * are programs of this process, which end with it, however it ends, and with them all that runs there.
 *
 * What the machine runs at `localhost:<port>` answers in each at the same name: through a socket in the folder.
 */
export class TestSwarmNodes {
  readonly nodes: TestNode[] = [];
  readonly authority: TestAuthority;
  readonly #daemons: Daemon[] = [];
  readonly #lives = new Map<string, Promise<unknown>>();
  readonly #power = new AbortController();
  readonly #clients = new Map<string, DockerClient>();
  readonly #runner = new ProcessRunner();
  readonly #withdraw: () => void;
  #cable = '';
  #switch = '';

  private constructor(
    readonly folder: string,
    authority: TestAuthority,
    private readonly ports: readonly number[],
  ) {
    this.authority = authority;
    this.#withdraw = leaveWish({ folder });
  }

  /**
   * @param names of the machines; the first makes the Swarm
   * @param managers how many are that, from the first on; the others are workers
   * @param ports at which registries of this machine answer
   */
  static async start(
    names: readonly string[],
    { managers, ports = [5000] }: { managers: number; ports?: readonly number[] },
  ): Promise<TestSwarmNodes> {
    const folder = mkdtempSync(join(tmpdir(), 'berth-test-nodes-'));
    const all = new TestSwarmNodes(folder, await TestAuthority.make(folder, 'authority'), ports);
    try {
      const subnet = await all.#startSwitch();
      for (const port of ports) await all.#forward(port);
      await all.#putCertificates(all.certificates, await all.authority.sign('client', []));
      for (const [index, name] of names.entries())
        all.nodes.push(await all.#make(name, `${subnet}.${index + 1}`));
      await Promise.all(all.nodes.map((node) => all.powerOn(node)));
      await all.#join(managers);
      return all;
    } catch (error) {
      await all.stop();
      throw error;
    }
  }

  /** Folder for DOCKER_CERT_PATH. */
  get certificates(): string {
    return join(this.folder, 'certificates');
  }

  node(name: string): TestNode {
    const node = this.nodes.find((each) => each.name === name);
    if (!node) throw new Error(`${name} is none of the nodes`);
    return node;
  }

  /** Asks the dockerd of a machine as cluster.json names it; closed with the rest. */
  client({ name, docker }: TestNode): DockerClient {
    const known = this.#clients.get(name);
    if (known) return known;
    const client = new DockerClient({ address: docker, certificates: this.certificates });
    this.#clients.set(name, client);
    return client;
  }

  /** Folder of certificates by another authority. @param name of the folder */
  async strangers(name: string): Promise<{ folder: string; authority: TestAuthority }> {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    const authority = await TestAuthority.make(folder, 'authority');
    await this.#putCertificates(folder, await authority.sign('client', []), authority);
    return { folder, authority };
  }

  /** Boots a machine, with what its disk has; returns when dockerd answers. */
  async powerOn({ name, address, folder, cgroup }: TestNode): Promise<void> {
    const script = join(__dirname, 'testing-node.sh');
    const registries = this.ports.map((port) => `${this.#socketOf(port)}=${port}`);
    const unshare = ['unshare', '--mount', '--net', '--uts', '--pid', '--fork', '--kill-child'];
    const argv = [
      ...['sh', '-c', 'echo $$ > "$0/pid"; exec "$@"', folder],
      ...[...unshare, '--propagation', 'private'],
      ...['sh', script, folder, name, address, cgroup, ...registries],
    ];
    rmSync(join(folder, 'pid'), { force: true });
    const { env } = await dockerdOptions();
    let output = '';
    const life = this.#runner
      .run(argv, {
        signal: this.#power.signal,
        env: { ...env, FORWARDER: forwarder },
        onLine: (line) => (output += `${line}\n`),
      })
      .catch(() => undefined);
    this.#lives.set(name, life);
    try {
      const first = await until(
        () => this.#first(folder),
        (pid) => pid !== undefined,
        20_000,
      );
      const peer = ['peer', 'name', 'eth0', 'netns', String(first)];
      await this.#atSwitch('ip', 'link', 'add', portOf(name), 'type', 'veth', ...peer);
      await this.#atSwitch('ip', 'link', 'set', portOf(name), 'master', 'switch', 'up');
      const client = new DockerClient({ address: `unix://${join(folder, 'docker.sock')}` });
      await until(() => client.get('/version').then(yes, no), Boolean, bootMs, 100);
      client.close();
    } catch (error) {
      const log = join(folder, 'dockerd.log');
      const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : '';
      throw new Error(`${name} does not start: ${String(error)}\n${output}${said}`, { cause: error });
    }
  }

  /** Ends all of its processes at once, as a power cut does; its disk is all that {@link powerOn} finds. */
  async cutPower({ name, folder }: TestNode): Promise<void> {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL');
    await this.#lives.get(name);
    // Its connections lead nowhere.
    this.#clients.get(name)?.close();
    this.#clients.delete(name);
    await this.#runner.run([...this.#switchOf(), 'ip', 'link', 'delete', portOf(name)], { expect: [0, 1] });
  }

  /** What runs a program on a machine. */
  inside({ folder }: TestNode): string[] {
    const first = this.#first(folder);
    return ['nsenter', '--target', String(first), '--mount', '--net', '--uts', '--pid'];
  }

  /** Ends all of it, and leaves nothing. */
  async stop(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    for (const { folder } of this.nodes)
      if (this.#first(folder) !== undefined)
        process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL');
    this.#power.abort();
    await Promise.all(this.#lives.values());
    if (this.#cable !== '') await this.#runner.run(['ip', 'link', 'delete', this.#cable], { expect: [0, 1] });
    for (const daemon of this.#daemons.reverse()) await daemon.stop();
    await Promise.all(this.nodes.map((node) => this.#removeCgroups(node)));
    this.#withdraw();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @returns the first three numbers of the network's addresses */
  async #startSwitch(): Promise<string> {
    const holder = join(this.folder, 'switch');
    const hold = ['unshare', '--net', 'sh', '-c', `echo $$ > ${holder}; exec sleep infinity`];
    const begun = async () => existsSync(holder) && readFileSync(holder, 'utf8').endsWith('\n');
    this.#daemons.push(await Daemon.start('unshare', hold, begun));
    this.#switch = readFileSync(holder, 'utf8').trim();
    await this.#atSwitch('ip', 'link', 'set', 'lo', 'up');
    await this.#atSwitch('ip', 'link', 'add', 'switch', 'type', 'bridge');
    await this.#atSwitch('ip', 'link', 'set', 'switch', 'up');
    // Of the networks for benchmarks (RFC 2544) one that no other test of this machine has.
    for (let number = 1 + (process.pid % 250), tried = 0; ; number = 1 + (number % 250), tried++) {
      const cable = `berth-nodes${number}`;
      const peer = ['peer', 'name', 'machine', 'netns', this.#switch];
      const add = this.#runner.run(['ip', 'link', 'add', cable, 'type', 'veth', ...peer], { expect: [0, 2] });
      if ((await add).exitCode !== 0 && tried < 250) continue;
      this.#cable = cable;
      const subnet = `198.18.${number}`;
      await this.#runner.run(['ip', 'address', 'add', `${subnet}.254/24`, 'dev', cable]);
      await this.#runner.run(['ip', 'link', 'set', cable, 'up']);
      await this.#atSwitch('ip', 'link', 'set', 'machine', 'master', 'switch', 'up');
      return subnet;
    }
  }

  async #forward(port: number): Promise<void> {
    const socket = this.#socketOf(port);
    const there = async () => existsSync(socket);
    this.#daemons.push(await Daemon.start('node', ['node', '-e', forwarder, socket, String(port)], there));
  }

  async #make(name: string, address: string): Promise<TestNode> {
    const folder = join(this.folder, name);
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(join(folder, 'daemon.json'), JSON.stringify((await dockerdOptions()).settings));
    const { certificate, key } = await this.authority.sign(`server-${name}`, [`IP:${address}`]);
    copyFileSync(this.authority.certificate, join(folder, 'ca.pem'));
    copyFileSync(certificate, join(folder, 'server.crt'));
    copyFileSync(key, join(folder, 'server.key'));
    const cgroup = `berth-test-nodes-${ownMark()}-${name}`;
    return { name, address, docker: `tcp://${address}:2376`, folder, cgroup };
  }

  async #putCertificates(
    folder: string,
    { certificate, key }: { certificate: string; key: string },
    authority = this.authority,
  ): Promise<void> {
    mkdirSync(folder, { recursive: true });
    copyFileSync(authority.certificate, join(folder, 'ca.pem'));
    copyFileSync(certificate, join(folder, 'cert.pem'));
    copyFileSync(key, join(folder, 'key.pem'));
  }

  async #join(managers: number): Promise<void> {
    const [first, ...others] = this.nodes as [TestNode, ...TestNode[]];
    const client = this.client(first);
    const listening = ({ address }: TestNode) => ({
      ListenAddr: `${address}:${joinPort}`,
      AdvertiseAddr: address,
    });
    await client.post('/swarm/init', { body: listening(first) });
    const { JoinTokens } = await client.get<{ JoinTokens: { Manager: string; Worker: string } }>('/swarm');
    for (const [index, node] of others.entries())
      await this.client(node).post('/swarm/join', {
        body: {
          ...listening(node),
          RemoteAddrs: [`${first.address}:${joinPort}`],
          JoinToken: index + 1 < managers ? JoinTokens.Manager : JoinTokens.Worker,
        },
      });
    await until(
      () => client.get<DockerNode[]>('/nodes'),
      (nodes) => nodes.filter(({ Status }) => Status.State === 'ready').length === this.nodes.length,
      joinMs,
    );
  }

  /** The first process of a machine, as this one sees it; undefined while there is none. */
  #first(folder: string): number | undefined {
    const file = join(folder, 'pid');
    const outer = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    return outer === 0 ? undefined : listProcesses().find(({ parent }) => parent === outer)?.pid;
  }

  #atSwitch(...argv: string[]) {
    return this.#runner.run([...this.#switchOf(), ...argv]);
  }

  #switchOf(): string[] {
    return ['nsenter', '--target', this.#switch, '--net'];
  }

  #socketOf(port: number): string {
    return join(this.folder, `${port}.sock`);
  }

  /** Those of a machine's containers, which are empty now. */
  async #removeCgroups({ cgroup }: TestNode): Promise<void> {
    const at = ['/sys/fs/cgroup', '-mindepth', '1', '-maxdepth', '2', '-type', 'd', '-name', cgroup];
    const { stdout } = await this.#runner.run(['find', ...at], { expect: [0, 1] });
    const folders = stdout.split('\n').filter(Boolean);
    if (folders.length === 0) return;
    const rmdir = ['-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'];
    await this.#runner.run(['find', ...folders, ...rmdir], { expect: [0, 1] });
  }
}

/** A machine's port of the switch; the name of a network device has 15 letters at most. */
function portOf(name: string): string {
  return `p-${name}`.slice(0, 15);
}

const yes = () => true;
const no = () => false;
