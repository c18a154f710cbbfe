import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '@berth/exec';
import { Container } from '../container';
import type { ControlPlane } from '../control-plane/control-plane';
import { CONTEXT } from '../control-plane/files';
import { cpuSeconds, residentMegabytes } from '../measure';
import { Inspector } from './inspector';

const TOKEN = 'what the benchmark shows';
/** Milliseconds in which the first table must be there. */
const READY_MS = 120_000;

export interface ServerOptions {
  /** Absolute path of this workspace. */
  root: string;
  image: string;
  plane: ControlPlane;
  /** Where it may have a folder. */
  scratch: string;
}

/** The page's server, in a container of its image with the memory that its service.json asks for. */
export class MonitoringServer {
  readonly headers = { authorization: `Bearer ${TOKEN}` };

  private constructor(
    readonly url: string,
    private readonly metricsUrl: string,
    private readonly container: Container,
    private readonly pid: number,
    private readonly inspector: Inspector,
    /** From the start of its container to the first table. */
    readonly startSeconds: number,
  ) {}

  static async start({ root, image, plane, scratch }: ServerOptions): Promise<MonitoringServer> {
    const folder = join(scratch, 'monitoring');
    mkdirSync(folder);
    const kubeconfig = join(folder, 'kubeconfig');
    copyFileSync(plane.access('monitoring').kubeconfig, kubeconfig);
    chmodSync(kubeconfig, 0o644);
    const [port = 0, metrics = 0, inspector = 0] = await freePorts(3);
    const begun = performance.now();
    const container = await Container.start({
      image,
      // The API server listens on the loopback address only.
      network: 'host',
      volumes: { [folder]: '/run/monitoring' },
      memory: `${memoryMegabytes(root)}m`,
      env: {
        ...{ PORT: String(port), METRICS_PORT: String(metrics), MONITORING_TOKEN: TOKEN },
        ...{ KUBECONFIG: '/run/monitoring/kubeconfig', KUBE_CONTEXT: CONTEXT, LOG_LEVEL: 'error' },
        NODE_OPTIONS: `--inspect=127.0.0.1:${inspector}`,
      },
    });
    try {
      const url = `http://127.0.0.1:${port}/`;
      await untilReady(url);
      const startSeconds = (performance.now() - begun) / 1000;
      const [pid = 0] = await container.processes(/main\.js/);
      return new MonitoringServer(
        url,
        `http://127.0.0.1:${metrics}/metrics`,
        container,
        pid,
        await Inspector.connect(inspector),
        startSeconds,
      );
    } catch (error) {
      await container.remove();
      throw error;
    }
  }

  /** Megabytes that are resident. @throws Error when it has ended, as by a lack of memory */
  megabytes(): number {
    const megabytes = residentMegabytes(this.pid);
    if (megabytes === 0) throw new Error('the server of the page has ended');
    return megabytes;
  }

  heapMegabytes(): Promise<number> {
    return this.inspector.heapMegabytes();
  }

  cpuSeconds(): number {
    return cpuSeconds(this.pid);
  }

  /** How often it has made the table, and in how many seconds all in all. */
  async tables(): Promise<{ count: number; seconds: number }> {
    const text = await (await fetch(this.metricsUrl)).text();
    const valueOf = (suffix: string) =>
      Number(new RegExp(`^berth_monitoring_table_build_seconds_${suffix} (\\S+)$`, 'm').exec(text)?.[1]);
    return { count: valueOf('count'), seconds: valueOf('sum') };
  }

  async stop(): Promise<void> {
    this.inspector.close();
    await this.container.remove();
  }
}

/** Of the page's pod. */
export function memoryMegabytes(root: string): number {
  const { resources } = JSON.parse(readFileSync(join(root, 'apps/monitoring/service.json'), 'utf8')) as {
    resources: { memory: string };
  };
  const [, megabytes] = /^(\d+)Mi$/.exec(resources.memory) ?? [];
  if (megabytes === undefined)
    throw new Error(`apps/monitoring/service.json: ${resources.memory} is not in Mi`);
  return Number(megabytes);
}

async function untilReady(url: string): Promise<void> {
  const limit = Date.now() + READY_MS;
  const isReady = () =>
    fetch(`${url}readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (Date.now() > limit) throw new Error(`the page has no table after ${READY_MS / 1000} s`);
    await delay(10);
  }
}
