import { Daemon, freePorts } from '@berth/exec';
import { mkdirSync } from 'node:fs';
import { KubeClient, type LiveObject } from '@berth/kube';
import { cpuSeconds, pidOf } from '../measure';
import {
  apiServerArguments,
  controllerArguments,
  etcdArguments,
  etcdUrl,
  kwokArguments,
  schedulerArguments,
  type Ports,
} from './arguments';
import { CONTEXT, controlPlaneFiles, OPERATOR, writeFiles, type ControlPlaneFiles } from './files';
import type { BenchPrograms } from './programs';
import { RequestLog } from './request-log';

const NODES = 10;

/** Milliseconds without an answer that the operator waits: a server that is filled has much to do. */
const PATIENCE_MS = 120_000;

export interface ControlPlaneOptions {
  /** Absolute path of a folder that does not exist yet. */
  folder: string;
  programs: BenchPrograms;
  /** Whose requests are counted. */
  users: readonly string[];
  /**
   * Lets the controllers and the scheduler send more requests a second than they do by default (20 and 50), which is
   * what keeps a cluster from becoming healthy for minutes when very much is made at once.
   */
  busy?: boolean;
  /** How long the API server keeps Events; an hour when absent. For a time that is told faster than it goes by. */
  eventSeconds?: number;
  /** `false`: etcd and the API server alone; nobody then acts on what is in it. */
  controllers?: boolean;
}

/**
 * etcd, API server, controllers and scheduler on loopback ports, with nodes that kwok plays: pods cost nothing there,
 * and nobody else's objects are in it.
 */
export class ControlPlane {
  readonly requests: RequestLog;
  readonly #daemons: Daemon[] = [];
  readonly #files: ControlPlaneFiles;
  #client: KubeClient | undefined;

  private constructor(private readonly options: ControlPlaneOptions) {
    this.#files = controlPlaneFiles(options.folder);
    this.requests = new RequestLog(this.#files.auditLog);
  }

  /** @throws ProgramError when one of its programs ends instead of answering */
  static async start(options: ControlPlaneOptions): Promise<ControlPlane> {
    const plane = new ControlPlane(options);
    try {
      await plane.#start();
      return plane;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const files = this.#files;
    const [etcd = 0, etcdPeers = 0, server = 0] = await freePorts(3);
    const ports: Ports = { etcd, etcdPeers, server };
    mkdirSync(this.options.folder);
    writeFiles(files, `https://127.0.0.1:${ports.server}`, this.options);
    const access = { kubeconfig: files.kubeconfig(OPERATOR), context: CONTEXT };
    this.#client = KubeClient.from(access, { idleMs: PATIENCE_MS });
    await this.#run(
      'etcd',
      etcdArguments(files, ports),
      async () => (await fetch(`${etcdUrl(ports)}/health`)).ok,
    );
    await this.#run('kube-apiserver', apiServerArguments(files, ports, this.options.eventSeconds), () =>
      this.#has('Namespace', 'default'),
    );
    if (this.options.controllers !== false) await this.startControllers();
  }

  /** Where they were left out at first: now somebody acts on what is in it. */
  async startControllers(): Promise<void> {
    const files = this.#files;
    await this.#run('kube-controller-manager', controllerArguments(files, this.options.busy ?? false), () =>
      this.#has('ServiceAccount', 'default', 'default'),
    );
    await this.#run('kube-scheduler', schedulerArguments(files), async () => true);
    for (let index = 0; index < NODES; index++) await this.client.create(node(index));
    await this.#run('kwok', kwokArguments(files), async () => {
      const { items } = await this.client.list({ apiVersion: 'v1', kind: 'Node' });
      return items.every(isReady);
    });
  }

  async #run(
    name: keyof BenchPrograms,
    args: readonly string[],
    answers: () => Promise<boolean>,
  ): Promise<void> {
    const argv = [this.options.programs[name], ...args];
    this.#daemons.unshift(await Daemon.start(name, argv, () => answers().catch(() => false)));
  }

  async #has(kind: string, name: string, namespace?: string): Promise<boolean> {
    const reference = { apiVersion: 'v1', kind, name, ...(namespace ? { namespace } : {}) };
    return (await this.client.get(reference)) !== undefined;
  }

  /** Seconds of CPU that the API server has used since it began. */
  serverSeconds(): number {
    return cpuSeconds(pidOf(this.options.programs['kube-apiserver']));
  }

  /** As the operator. */
  get client(): KubeClient {
    if (!this.#client) throw new Error('the control plane is not started');
    return this.#client;
  }

  /** How a user is let in. */
  access(user: string): { kubeconfig: string; context: string } {
    return { kubeconfig: this.#files.kubeconfig(user), context: CONTEXT };
  }

  async stop(): Promise<void> {
    this.#client?.close();
    for (const daemon of this.#daemons) await daemon.stop();
  }
}

/** Room, and addresses, for all pods of a benchmark. */
function node(index: number) {
  const name = `node-${index}`;
  const room = { cpu: '10000', memory: '10Ti', pods: '10000' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    // Beside those of Services, 10.0.0.0/16.
    spec: { podCIDR: `10.${index + 1}.0.0/16` },
    status: { allocatable: room, capacity: room },
  };
}

function isReady({ status }: LiveObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}
