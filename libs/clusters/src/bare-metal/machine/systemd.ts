import { basename, join } from 'node:path';
import { LocalFiles, type HostFiles, type Runner, type Unit, type UnitKeeper } from '@berth/exec';

/** Keeps units running by systemd, each as `berth-<name>.service`. */
export class Systemd implements UnitKeeper {
  constructor(
    private readonly runner: Runner,
    private readonly files: HostFiles = new LocalFiles(),
    private readonly folder = '/etc/systemd/system',
  ) {}

  async isRunning(unit: Unit): Promise<boolean> {
    const file = this.#file(unit.name);
    if ((await this.files.read(file)) !== unitText(unit)) return false;
    const { stdout } = await this.runner.run(['systemctl', 'is-active', basename(file)], {
      expect: [0, 3, 4],
    });
    // One that waits for its files is being restarted again and again.
    return ['active', 'activating'].includes(stdout.trim());
  }

  async ensure(unit: Unit): Promise<void> {
    if (await this.isRunning(unit)) return;
    const file = this.#file(unit.name);
    await this.files.write({ path: file, content: unitText(unit) });
    await this.runner.run(['systemctl', 'daemon-reload']);
    await this.runner.run(['systemctl', 'enable', basename(file)]);
    await this.runner.run(['systemctl', 'restart', '--no-block', basename(file)]);
  }

  async stop(name: string): Promise<void> {
    const file = this.#file(name);
    if (!(await this.files.exists(file))) return;
    await this.runner.run(['systemctl', 'disable', '--now', basename(file)]);
    await this.files.remove(file);
    await this.runner.run(['systemctl', 'daemon-reload']);
  }

  logHint(name: string): string {
    return `journalctl -u ${basename(this.#file(name))}`;
  }

  #file(name: string): string {
    return join(this.folder, `berth-${name}.service`);
  }
}

/** A unit as systemd writes it: see systemd.service(5) and systemd.exec(5). */
export function unitText(unit: Unit): string {
  const waits = [
    ...(unit.waitForFiles ?? []).map((file) => `ExecStartPre=/usr/bin/test -e ${quoted(file)}`),
    ...(unit.waitForSockets ?? []).map((socket) => `ExecStartPre=/usr/bin/test -S ${quoted(socket)}`),
    ...(unit.removeFirst ?? []).map((file) => `ExecStartPre=/usr/bin/rm -f ${quoted(file)}`),
    // The minus: what comes of it does not matter.
    ...(unit.runFirst ?? []).map((argv) => `ExecStartPre=-${argv.map(quoted).join(' ')}`),
  ];
  const environment = Object.entries(unit.env ?? {}).map(
    ([name, value]) => `Environment=${quoted(`${name}=${value}`)}`,
  );
  // The minus: a file that kubeadm has not written yet is no error, ExecStartPre waits for it.
  const files = (unit.environmentFiles ?? []).map((file) => `EnvironmentFile=-${file}`);
  return [
    '[Unit]',
    `Description=Berth: ${unit.name}`,
    'After=network-online.target',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    ...environment,
    ...files,
    ...waits,
    `ExecStart=${unit.argv.map((word) => (word.startsWith('$') ? word : quoted(word))).join(' ')}`,
    'Restart=always',
    'RestartSec=1',
    // Containers outlive a restart of what started them.
    'KillMode=process',
    'Delegate=yes',
    'LimitNOFILE=1048576',
    'TasksMax=infinity',
    'OOMScoreAdjust=-500',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[A-Za-z0-9_@%+=:,./$-]+$/.test(escaped) ? escaped : JSON.stringify(escaped);
}
