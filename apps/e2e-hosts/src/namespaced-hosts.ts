import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  findProcess,
  isGone,
  listProcesses,
  ownMark,
  ProcessRunner,
  quoteArgv,
  type Runner,
} from '@berth/exec';
import { until } from '@berth/exec/src/testing-until';
import { cgroupsNamed, processesIn, removeCgroup } from './cgroups';
import { pictureOf } from './picture';

/** Begins the names of the folder and of the cgroups; the mark of who made them follows. */
const PREFIX = 'berth-hosts-';
/** Not /tmp: each host has a /tmp of its own. */
const PLACE = '/var/tmp';
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
    await removeLeftovers();
    const mark = ownMark();
    const all = new NamespacedHosts(mkdtempSync(join(PLACE, `${PREFIX}${mark}-`)), mark);
    try {
      await all.#startSwitch();
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
    const port = portOf(name);
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

  /**
   * Ends all of its processes at once, as a power cut does. Nobody answers at its address then, and its disk is all
   * that {@link powerOn} finds.
   */
  async cutPower({ name, folder, cgroup }: NamespacedHost): Promise<void> {
    await this.#endProcesses(folder, cgroup);
    await this.#atSwitchIfThere('ip', 'link', 'delete', portOf(name));
    await removeCgroup(cgroup);
  }

  /** Ends all connections by ssh that lead to a host now; new ones are let in. */
  cutConnections({ cgroup }: NamespacedHost): void {
    // What sshd calls itself for one connection of that user.
    for (const pid of processesIn(cgroup))
      if (/^sshd: root\b/.test(findProcess(pid)?.argv[0] ?? '')) process.kill(pid, 'SIGKILL');
  }

  /** Takes its cable out; what was connected notices. */
  async unplug(host: NamespacedHost): Promise<void> {
    this.cutConnections(host);
    await this.#atSwitch('ip', 'link', 'set', portOf(host.name), 'down');
  }

  async plugIn({ name }: NamespacedHost): Promise<void> {
    await this.#atSwitch('ip', 'link', 'set', portOf(name), 'up');
  }

  /** All that is on a host now, as {@link pictureOf} has it. */
  picture(host: NamespacedHost): Promise<string[]> {
    const there: Runner = {
      run: (argv, options) =>
        this.#runner.run(['ssh', '-F', this.sshConfiguration, host.name, '--', quoteArgv(argv)], options),
    };
    return pictureOf(host, there);
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
    await Promise.all(this.hosts.map(({ folder, cgroup }) => this.#endProcesses(folder, cgroup)));
    this.#power.abort();
    await Promise.all(this.#lives);
    for (const { cgroup } of this.hosts) await removeCgroup(cgroup);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #endProcesses(folder: string, cgroup: string): Promise<void> {
    const first = this.#first(folder);
    if (first !== undefined) process.kill(first, 'SIGKILL');
    await until(
      () => processesIn(cgroup),
      (pids) => pids.length === 0,
      20_000,
    );
  }

  /** The switch, and a cable from this machine to it. */
  async #startSwitch(): Promise<void> {
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

  /** The same for what may be gone with the host. */
  #atSwitchIfThere(...argv: string[]) {
    const enter = ['nsenter', '--target', this.#switch(), '--net'];
    return this.#runner.run([...enter, ...argv], { timeoutMs: 30_000, expect: [0, 1] });
  }

  #run(...argv: string[]) {
    return this.#runner.run(argv, { timeoutMs: 30_000 });
  }

  #at(name: string): string {
    return join(this.folder, name);
  }
}

/** A host's port of the switch; the name of a network device has 15 letters at most. */
function portOf(name: string): string {
  return `p-${name}`.slice(0, 15);
}

/** What tests that were killed have left: their processes ended with them, their folders and cgroups did not. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(PLACE).filter(isAbandoned))
    rmSync(join(PLACE, name), { recursive: true, force: true });
  for (const name of cgroupsNamed(PREFIX).filter(isAbandoned)) await removeCgroup(name);
}

function isAbandoned(name: string): boolean {
  const mark = name.startsWith(PREFIX) && /^\d+-\d+/.exec(name.slice(PREFIX.length))?.[0];
  return mark ? isGone(mark) : false;
}
