import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaveWish, SshRunner, type Runner } from '@berth/exec';
import { UserError, type Cluster } from '@berth/model';
import { foreignControlPlane, isOurs } from '../control-plane/control-plane';
import type { Machine } from '../machine';
import type { MachinePaths } from '../paths';
import { readFacts, type HostFacts } from './facts';
import { hostOf, type Answering, type Host } from './host';
import { hostProblems, type AskedHost, type HostProblem } from './problems';

/** A host that answered, and one that did not. */
export type Reached = Answering | { entry: string; error: UserError };

/** Connections to the hosts of a cluster; each is opened once, and shared by all that is asked and done there. */
export class Connections {
  readonly #open = new Map<string, Promise<Reached>>();
  #sockets: string | undefined;
  readonly #runners: SshRunner[] = [];

  /** @param workspace absolute, with the cluster's folder in it */
  constructor(
    private readonly runner: Runner,
    private readonly workspace: string,
    private readonly home: string,
  ) {}

  /** @throws nothing for a host that cannot be reached: all of them are told at once */
  reach({ root }: Pick<Cluster, 'root'>, entry: string): Promise<Reached> {
    const known = this.#open.get(entry);
    if (known) return known;
    const opening = this.#reach(root, entry);
    this.#open.set(entry, opening);
    return opening;
  }

  /** Ends all connections. One that is left ends by itself when nothing has used it for a minute. */
  async close(): Promise<void> {
    this.#open.clear();
    await Promise.all(this.#runners.splice(0).map((ssh) => ssh.close()));
  }

  async #reach(root: string, entry: string): Promise<Reached> {
    const folder = join(this.workspace, root);
    const own = join(folder, 'known_hosts');
    const configuration = join(folder, 'ssh_config');
    const ssh = new SshRunner(this.runner, {
      destination: entry,
      knownHosts: [...(existsSync(own) ? [own] : []), join(this.home, '.ssh/known_hosts')],
      ...(existsSync(configuration) ? { configuration } : {}),
      sockets: this.#socketsFolder(),
    });
    this.#runners.push(ssh);
    try {
      return { entry, here: this.runner, ssh, facts: await readFacts(ssh) };
    } catch (error) {
      if (error instanceof UserError) return { entry, error };
      throw error;
    }
  }

  /** Only this user may enter it. */
  #socketsFolder(): string {
    if (this.#sockets === undefined) {
      this.#sockets = mkdtempSync(join(tmpdir(), 'berth-ssh-'));
      leaveWish({ folder: this.#sockets });
    }
    return this.#sockets;
  }
}

/**
 * The hosts of a cluster, all of which answer and are fit for it; the first is the control plane's.
 * @param architecture of the programs that are made on this machine
 * @param paths of the hosts; programs are cached here
 * @throws UserError with every problem of every host; nothing has been touched then
 */
export async function fitHosts(
  connections: Connections,
  cluster: Cluster,
  architecture: string,
  paths: MachinePaths,
): Promise<Host[]> {
  const reached = await Promise.all(cluster.hosts.map((entry) => connections.reach(cluster, entry)));
  const hosts = hostsOf(reached, paths);
  const asked = await Promise.all(
    hosts.map(async ({ host, facts }): Promise<AskedHost> => {
      // Only root sees what is there.
      if (facts.root === 'no')
        return { entry: host.entry, facts, ours: false, memberOf: undefined, foreign: [] };
      const [ours, foreign] = await Promise.all([isOurs(host.machine), foreignControlPlane(host.machine)]);
      return { entry: host.entry, facts, ours, memberOf: await memberOf(host.machine), foreign };
    }),
  );
  const unreached = reached.flatMap((one): HostProblem[] =>
    'error' in one ? [{ entry: one.entry, problem: withoutName(one), remedy: one.error.hint ?? '' }] : [],
  );
  const problems = [...unreached, ...hostProblems(asked, architecture)];
  if (problems.length > 0) throw unfit(cluster, problems);
  return hosts.map(({ host }) => host);
}

/** Those that answered. */
export function hostsOf(
  reached: readonly Reached[],
  paths: MachinePaths,
): { host: Host; facts: HostFacts }[] {
  const [first] = reached;
  const address = first && 'facts' in first ? first.facts.address : undefined;
  return reached.flatMap((one, index) =>
    'facts' in one ? [{ host: hostOf(one, paths, index === 0 ? undefined : address), facts: one.facts }] : [],
  );
}

/** Of the kubelet's own kubeconfig. */
async function memberOf({ files, paths }: Machine): Promise<string | undefined> {
  const text = await files.read(join(paths.kubernetes, 'kubelet.conf'));
  return /^\s*server: https:\/\/([^:\s]+):/m.exec(text ?? '')?.[1];
}

function withoutName({ entry, error }: { entry: string; error: UserError }): string {
  return error.message.startsWith(`${entry}: `) ? error.message.slice(entry.length + 2) : error.message;
}

function unfit({ name, root, hosts }: Cluster, problems: readonly HostProblem[]): UserError {
  const wrong = new Set(problems.map(({ entry }) => entry));
  const lines = problems.flatMap(({ entry, problem, remedy }) => [
    `  ${entry}: ${problem}`,
    ...(remedy ? remedy.split('\n').map((line) => `      ${line}`) : []),
  ]);
  return new UserError(
    [
      `${wrong.size} of the ${hosts.length} hosts of cluster ${name} (${root}/cluster.json at hosts) cannot be taken as they are; nothing was touched:`,
      ...lines,
    ].join('\n'),
    `When all of that is mended: nx create cluster-${name}`,
  );
}
