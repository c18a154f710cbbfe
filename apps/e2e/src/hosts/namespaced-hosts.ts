import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isGone, listProcesses, ownMark, ProcessRunner, type Runner } from '@berth/exec';
import { until } from '../until';

/** Begins the names of the folder and of the cgroups; the mark of who made them follows. */
const PREFIX = 'berth-hosts-';
/** Not /tmp: each host has a /tmp of its own. */
const PLACE = '/var/tmp';
const CGROUPS = '/sys/fs/cgroup';
/** Of the cluster on the hosts, below /var/lib and /run: not that of the machine's own cluster. */
export const HOSTS_FOLDER = 'berth-hosts/cluster';
/** No address of the machine's own cluster or network. */
const NETWORK = '10.124.0';
/** Until sshd of a host lets in, on a machine that has much else to do. */
const BOOT_MS = 60_000;
/** This machine's end of the cable to their switch. */
const CABLE = 'berth-hosts';

export interface NamespacedHost {
  name: string;
  address: string;
  folder: string;
  /** In which all of its processes are. */
  cgroup: string;
}

/**
 * Hosts made of namespaces on this machine, with sshd in each: they see processes, mounts, network and cgroups of their
 * own. Their network is a switch in a namespace besides, so that no rule of this machine is in the way.
 */
export class NamespacedHosts {
  readonly hosts: NamespacedHost[] = [];
  readonly #power = new AbortController();
  readonly #lives: Promise<unknown>[] = [];
  readonly #runner: Runner = new ProcessRunner();

  private constructor(
    readonly folder: string,
    private readonly mark: string,
  ) {}

  /** @param names of the hosts */
  static async start(names: readonly string[]): Promise<NamespacedHosts> {
    removeLeftovers();
    const mark = ownMark();
    const all = new NamespacedHosts(mkdtempSync(join(PLACE, `${PREFIX}${mark}-`)), mark);
    try {
      await all.#plugIn();
      await all.#run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', all.#at('id'));
      for (const [index, name] of names.entries()) all.hosts.push(await all.#make(name, index + 1, names));
      await Promise.all(all.hosts.map((host) => all.powerOn(host)));
      return all;
    } catch (error) {
      await all.stop();
      throw error;
    }
  }

  /** Boots a host, with what its disk has; returns when ssh lets in. */
  async powerOn({ name, folder, cgroup }: NamespacedHost): Promise<void> {
    const script = join(__dirname, 'host.sh');
    const life = new ProcessRunner().run(['sh', script, folder, cgroup], { signal: this.#power.signal });
    this.#lives.push(life.catch(() => undefined));
    const first = await until(
      () => this.#first(folder),
      (pid) => pid !== undefined,
      20_000,
    );
    const port = `p-${name}`.slice(0, 15);
    await this.#atSwitch(
      'ip',
      'link',
      'add',
      port,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      String(first),
    );
    await this.#atSwitch('ip', 'link', 'set', port, 'master', 'switch', 'up');
    const patience = ['-o', 'ConnectionAttempts=60', '-o', 'ConnectTimeout=1'];
    const argv = ['ssh', '-F', this.sshConfiguration, ...patience, name, 'true'];
    const ssh = this.#runner.run(argv, { timeoutMs: BOOT_MS });
    await ssh.catch((error: unknown) => {
      const log = join(folder, 'sshd.log');
      throw new Error(
        `${String(error)}\n${existsSync(log) ? readFileSync(log, 'utf8') : 'sshd has not started'}`,
      );
    });
  }

  /** Ends all of its processes at once, as a power cut does. Nobody answers at its address then. */
  async cutPower({ folder, cgroup }: NamespacedHost): Promise<void> {
    const first = this.#first(folder);
    if (first !== undefined) process.kill(first, 'SIGKILL');
    await until(
      () => processesIn(cgroup),
      (pids) => pids.length === 0,
      20_000,
    );
  }

  /** For clients: each host by its name and its address. */
  get sshConfiguration(): string {
    return this.#at('ssh_config');
  }

  get knownHosts(): string {
    return this.#at('known_hosts');
  }

  /** Ends all of it, and leaves nothing. */
  async stop(): Promise<void> {
    for (const host of this.hosts) {
      const first = this.#first(host.folder);
      if (first !== undefined) process.kill(first, 'SIGKILL');
    }
    this.#power.abort();
    await Promise.all(this.#lives);
    for (const { cgroup } of this.hosts)
      await until(
        () => processesIn(cgroup),
        (pids) => pids.length === 0,
        20_000,
      );
    removeCgroups(`${PREFIX}${this.mark}`);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The switch, and a cable from this machine to it. */
  async #plugIn(): Promise<void> {
    const script = join(__dirname, 'switch.sh');
    const life = this.#runner.run(['unshare', '--net', 'sh', script, this.folder], {
      signal: this.#power.signal,
    });
    this.#lives.push(life.catch(() => undefined));
    await until(() => existsSync(this.#at('switch.up')), Boolean, 10_000);
    const ip = (...argv: string[]) => this.#run('ip', ...argv);
    await ip('link', 'add', CABLE, 'type', 'veth', 'peer', 'name', 'machine', 'netns', this.#switch());
    await ip('address', 'add', `${NETWORK}.254/24`, 'dev', CABLE);
    await ip('link', 'set', CABLE, 'up');
    await this.#atSwitch('ip', 'link', 'set', 'machine', 'master', 'switch', 'up');
  }

  async #make(name: string, number: number, names: readonly string[]): Promise<NamespacedHost> {
    const folder = this.#at(name);
    const address = `${NETWORK}.${number}`;
    const put = (path: string, content: string) => writeFileSync(join(folder, path), content);
    mkdirSync(join(folder, 'disk/etc'), { recursive: true });
    put('address', `${address}/24`);
    put('disk/etc/hostname', `${name}\n`);
    put('disk/etc/machine-id', `${randomBytes(16).toString('hex')}\n`);
    put('disk/etc/resolv.conf', `nameserver ${NETWORK}.254\n`);
    const lines = names.map((each, index) => `${NETWORK}.${index + 1} ${each}`);
    put('disk/etc/hosts', ['127.0.0.1 localhost', ...lines, ''].join('\n'));
    await this.#run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host_key'));
    put(
      'sshd_config',
      [
        `HostKey ${folder}/host_key`,
        `AuthorizedKeysFile ${this.#at('id.pub')}`,
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'PermitRootLogin prohibit-password',
        'PidFile none',
        'Subsystem sftp internal-sftp',
        '',
      ].join('\n'),
    );
    const [type = '', key = ''] = readFileSync(join(folder, 'host_key.pub'), 'utf8').split(' ');
    writeFileSync(this.knownHosts, `${address} ${type} ${key}\n`, { flag: 'a' });
    const entry = [
      `Host ${name} ${address}`,
      `  HostName ${address}`,
      '  User root',
      `  IdentityFile ${this.#at('id')}`,
      `  UserKnownHostsFile ${this.knownHosts}`,
      '  IdentitiesOnly yes',
      '',
    ];
    writeFileSync(this.sshConfiguration, entry.join('\n'), { flag: 'a' });
    return { name, address, folder, cgroup: `${PREFIX}${this.mark}-${name}` };
  }

  /** The first process of a host, as this machine sees it; undefined while there is none. */
  #first(folder: string): number | undefined {
    const all = listProcesses();
    const outer = all.find(({ argv }) => argv[0] === 'unshare' && argv.includes(folder));
    return all.find(({ parent }) => outer !== undefined && parent === outer.pid)?.pid;
  }

  #switch(): string {
    return readFileSync(this.#at('switch.pid'), 'utf8').trim();
  }

  #atSwitch(...argv: string[]) {
    return this.#run('nsenter', '--target', this.#switch(), '--net', ...argv);
  }

  #run(...argv: string[]) {
    return this.#runner.run(argv, { timeoutMs: 30_000 });
  }

  #at(name: string): string {
    return join(this.folder, name);
  }
}

/** What tests that were killed have left: their processes ended with them, their folders and cgroups did not. */
function removeLeftovers(): void {
  for (const name of readdirSync(PLACE)) {
    const mark = markIn(name);
    if (mark === undefined || !isGone(mark)) continue;
    rmSync(join(PLACE, name), { recursive: true, force: true });
  }
  for (const name of readdirSync(join(CGROUPS, 'memory'))) {
    const mark = markIn(name);
    if (mark !== undefined && isGone(mark)) removeCgroups(`${PREFIX}${mark}`);
  }
}

function markIn(name: string): string | undefined {
  return name.startsWith(PREFIX) ? /^\d+-\d+/.exec(name.slice(PREFIX.length))?.[0] : undefined;
}

function processesIn(cgroup: string): string[] {
  const walk = (folder: string): string[] => [
    ...readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean),
    ...readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => walk(join(folder, name))),
  ];
  const folder = join(CGROUPS, 'pids', cgroup);
  return existsSync(folder) ? walk(folder) : [];
}

function removeCgroups(prefix: string): void {
  const remove = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(folder, entry.name));
    rmdirSync(folder);
  };
  for (const controller of readdirSync(CGROUPS))
    for (const name of readdirSync(join(CGROUPS, controller)))
      if (name.startsWith(prefix)) remove(join(CGROUPS, controller, name));
}
