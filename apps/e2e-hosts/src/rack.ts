import { copyFileSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HostsCluster, machinePaths, type Step } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import { KubeClient } from '@berth/kube';
import { parseCluster, type Cluster } from '@berth/model';
import { HOSTS_FOLDER, NamespacedHosts, type NamespacedHost } from './namespaced-hosts';

const ROOT = 'rack';

/** Told of each line that a step prints: `<title>`, `<line>`. */
type Watcher = (title: string, line: string) => void;

/** A cluster on hosts made of namespaces, with the cluster.json and the commands of its administrator. */
export class Rack {
  cluster: Cluster;
  readonly #commands: HostsCluster[] = [];
  #client: KubeClient | undefined;

  private constructor(readonly machines: NamespacedHosts) {
    mkdirSync(this.at(''));
    copyFileSync(machines.sshConfiguration, this.at('ssh_config'));
    this.cluster = this.of(machines.hosts);
  }

  static async start(names: readonly string[]): Promise<Rack> {
    return new Rack(await NamespacedHosts.start(names));
  }

  async stop(): Promise<void> {
    this.#client?.close();
    await Promise.all(this.#commands.map((command) => command.close()));
    await this.machines.stop();
  }

  /** As cluster.json says it of these hosts. */
  of(hosts: readonly NamespacedHost[]): Cluster {
    const written = { provider: 'bare-metal', hosts: hosts.map(({ address }) => `root@${address}`) };
    return parseCluster(JSON.stringify(written), { name: 'rack', root: ROOT });
  }

  /** What a new command knows: nothing but what it finds. */
  command(): HostsCluster {
    // This machine has a cluster too, whose processes are told apart by their folders.
    const paths = machinePaths(homedir(), '/', HOSTS_FOLDER);
    const command = new HostsCluster(new ProcessRunner(), this.machines.folder, homedir(), paths);
    this.#commands.push(command);
    return command;
  }

  /** By the kubeconfig that the first `create` has written. */
  get client(): KubeClient {
    this.#client ??= KubeClient.from({ kubeconfig: this.at('kubeconfig'), context: this.cluster.context });
    return this.#client;
  }

  host(name: string | undefined): NamespacedHost {
    const host = this.machines.hosts.find((one) => one.name === name);
    if (!host) throw new Error(`${name} is none of the hosts`);
    return host;
  }

  /** In the folder of cluster.json. */
  at(path: string): string {
    return join(this.machines.folder, ROOT, path);
  }
}

/** @throws Error with what the step that failed has printed */
export async function runAll(steps: readonly Step[], watch: Watcher = () => undefined): Promise<void> {
  for (const { title, run } of steps) {
    const lines: string[] = [];
    const started = Date.now();
    const log = (line: string) => {
      lines.push(line);
      watch(title, line);
    };
    await run(log).catch((error: Error) => {
      throw new Error(`${title}: ${error.message}\n${lines.join('\n')}`, { cause: error });
    });
    if (process.env['HOSTS_TIMES']) console.log(`${title}: ${Date.now() - started} ms`);
  }
}

export const titles = (steps: readonly Step[]) => steps.map(({ title }) => title);
