import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '@berth/exec';
import { dnsResolver } from './resolver';

/** The CoreDNS that clusters of ours run, by its newest version. */
function coreDns(): string {
  const cache = join(homedir(), '.cache/berth/bin/coredns');
  const versions = existsSync(cache)
    ? readdirSync(cache).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    : [];
  const found = versions.map((version) => join(cache, version, 'coredns')).find((path) => existsSync(path));
  if (!found) throw new Error(`no coredns in ${cache}: npm start brings it`);
  return found;
}

/** Nobody else's: on 127.0.0.1 a port that is free for UDP may be a client's of TCP, and the other way round. */
let started = 0;
function ownAddress(): string {
  const number = (process.pid * 16 + (started++ % 16)) % 0x10000;
  return `127.53.${number >> 8}.${number & 0xff}`;
}

/** Of CoreDNS at that address. */
const PORT = 5353;

/** A real DNS server at a loopback address of its own, with zones of its own. It refuses to speak of all other names. */
export class TestingDns {
  private constructor(
    /** For example `127.53.4.210:5353`. */
    readonly server: string,
    private readonly daemon: Daemon,
    private readonly folder: string,
  ) {}

  /** @param zones by origin, the records in them, for example `* IN A 192.0.2.1` */
  static async start(zones: Readonly<Record<string, readonly string[]>>): Promise<TestingDns> {
    const folder = mkdtempSync(join(tmpdir(), 'berth-dns-'));
    const address = ownAddress();
    for (const [origin, records] of Object.entries(zones)) {
      const head = [
        '$TTL 1',
        `@ IN SOA ns.${origin}. admin.${origin}. 1 60 60 60 1`,
        `@ IN NS ns.${origin}.`,
      ];
      writeFileSync(join(folder, origin), `${[...head, ...records].join('\n')}\n`);
    }
    const blocks = Object.keys(zones).map(
      (origin) => `${origin}:${PORT} {\n  bind ${address}\n  file ${join(folder, origin)}\n}\n`,
    );
    writeFileSync(join(folder, 'Corefile'), blocks.join(''));
    const server = `${address}:${PORT}`;
    const answers = () =>
      dnsResolver([server])
        .resolve(`anything.${Object.keys(zones)[0]}`)
        .then(
          () => true,
          () => false,
        );
    const argv = [coreDns(), '-conf', join(folder, 'Corefile')];
    const daemon = await Daemon.start('coredns', argv, answers, { answerMs: 20_000 });
    return new TestingDns(server, daemon, folder);
  }

  async stop(): Promise<void> {
    await this.daemon.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
