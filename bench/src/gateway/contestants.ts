import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Daemon, listProcesses } from '@berth/exec';
import { routeTable, type Observed } from '@berth/routes';
import type { ControlPlane } from '../control-plane/control-plane';
import { CONTEXT } from '../control-plane/files';
import { residentMegabytes } from '../measure';
import { askSocket, untilFine } from './ask';
import { Container } from '../container';
import { hostOf, ingressObject, serviceObject } from './objects';
import { ENDPOINT_SLICES, listObserved, observedOf, SERVICES } from './observed';
import { PlainNginx, routesConfiguration } from './plain-nginx';
import { routeName } from './routes';

/** What all contestants stand on. */
export interface Ground {
  /** Of the gateway; every nginx is of it. */
  image: string;
  /** In the form of `docker run --network`. */
  network: string;
  /** Where each may have a folder. */
  scratch: string;
  plane: ControlPlane;
  /** Path of the program. */
  traefik: string;
}

/** Who follows the API server and hands requests on. */
export interface Contestant {
  readonly name: string;
  /** Of 127.0.0.1. */
  readonly port: number;
  /** What makes a route of a Service whose endpoints are there already. */
  trigger(name: string, labels: Readonly<Record<string, string>>): Trigger;
  /** Resolves when the first route answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Megabytes that are resident, by the kind of process; of several the largest. */
  megabytes(): Promise<Readonly<Record<string, number>>>;
}

export type Trigger = ReturnType<typeof serviceObject> | ReturnType<typeof ingressObject>;

/** As the pod starts it. */
function controllerCommand(): string[] {
  const file = join(__dirname, '../../../apps/gateway/service.json');
  const { sidecars } = JSON.parse(readFileSync(file, 'utf8')) as {
    sidecars: { name: string; command: string[] }[];
  };
  return sidecars.find(({ name }) => name === 'controller')!.command;
}

const largest = (values: readonly number[]) => Math.max(0, ...values);
const WORKER = /nginx: worker/;

/** nginx and controller, in two containers that share a folder, as in their pod. */
export class BerthGateway implements Contestant {
  readonly name = 'Berth';
  readonly port = 8080;
  readonly trigger = serviceObject;
  #nginx: Container | undefined;
  #controller: Container | undefined;
  private readonly folder: string;

  constructor(private readonly ground: Ground) {
    this.folder = join(ground.scratch, 'gateway');
  }

  /** Where nginx takes its table. */
  get adminSocket(): string {
    return join(this.folder, 'admin.sock');
  }

  private get snapshot(): string {
    return join(this.folder, 'routes.json');
  }

  async start(): Promise<void> {
    const { image, network, plane } = this.ground;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    chmodSync(this.folder, 0o777);
    const kubeconfig = join(this.folder, 'kubeconfig');
    copyFileSync(plane.access('gateway').kubeconfig, kubeconfig);
    chmodSync(kubeconfig, 0o644);
    const volumes = { [this.folder]: '/run/gateway' };
    this.#nginx = await Container.start({ image, network, volumes });
    this.#controller = await Container.start({
      ...{ image, network, volumes },
      argv: controllerCommand(),
      env: { KUBECONFIG: '/run/gateway/kubeconfig', KUBE_CONTEXT: CONTEXT },
    });
    await untilFine(this.port, hostOf(routeName(0)));
  }

  async stop(): Promise<void> {
    await this.#controller?.remove();
    await this.#nginx?.remove();
    this.#controller = this.#nginx = undefined;
  }

  async megabytes() {
    return {
      'nginx worker': largest((await this.#nginx?.megabytes(WORKER)) ?? []),
      controller: largest((await this.#controller?.megabytes(/main\.js/)) ?? []),
    };
  }

  /** Until the snapshot is of the table that nginx has: it is written a moment later. */
  async untilSaved(): Promise<void> {
    const saved = () =>
      existsSync(this.snapshot)
        ? (JSON.parse(readFileSync(this.snapshot, 'utf8')) as { generation: number }).generation
        : undefined;
    const held = async () =>
      (JSON.parse(await askSocket(this.adminSocket, { path: '/table' })) as { generation: number })
        .generation;
    while (saved() !== (await held())) await delay(10);
  }

  async stopController(): Promise<void> {
    await this.#controller?.remove();
    this.#controller = undefined;
  }

  /** Kills nginx, and waits until it has begun anew; requests fail meanwhile. */
  async restartNginx(): Promise<void> {
    await this.#nginx?.signal('KILL');
    await this.#nginx?.run();
    await untilFine(8081, 'health', '/healthz');
  }
}

/** nginx with a server for each route in its configuration, which stays as it is. */
export class RawNginx implements Contestant {
  readonly name: string = 'nginx';
  readonly port: number = 9080;
  readonly trigger = serviceObject;
  protected nginx: PlainNginx | undefined;

  constructor(protected readonly ground: Ground) {}

  async start(): Promise<void> {
    const { image, network, scratch } = this.ground;
    const text = this.text(endpointsByHost(await listObserved(this.ground.plane.client)));
    const folder = join(scratch, `nginx-${this.port}`);
    this.nginx = await PlainNginx.start(folder, image, network, text);
    await untilFine(this.port, hostOf(routeName(0)));
  }

  protected text(endpoints: ReadonlyMap<string, readonly string[]>): string {
    return routesConfiguration(this.port, endpoints);
  }

  async stop(): Promise<void> {
    await this.nginx?.container.remove();
    this.nginx = undefined;
  }

  async megabytes(): Promise<Readonly<Record<string, number>>> {
    const workers = (await this.nginx?.container.megabytes(WORKER)) ?? [];
    return { 'nginx worker': largest(workers), 'all nginx workers': workers.reduce((a, b) => a + b, 0) };
  }
}

/**
 * The same, written and reloaded with each change: what there is at once goes together, what comes meanwhile with the
 * next one. Old workers end when their last connection does.
 */
export class ReloadedNginx extends RawNginx {
  override readonly name = 'nginx, reloaded';
  override readonly port = 9180;
  #stopping = new AbortController();
  #following: Promise<void> = Promise.resolve();

  override async start(): Promise<void> {
    await super.start();
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    const { client } = this.ground.plane;
    let wake: () => void = () => undefined;
    let changed = new Promise<void>((resolve) => (wake = resolve));
    const onChange = () => wake();
    const services = client.watch(SERVICES, { signal, onChange });
    const slices = client.watch(ENDPOINT_SLICES, { signal, onChange });
    await Promise.all([services.synced, slices.synced]);
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const follow = async () => {
      while (!signal.aborted) {
        await Promise.race([changed, ended]);
        if (signal.aborted) return;
        changed = new Promise<void>((resolve) => (wake = resolve));
        const endpoints = endpointsByHost(observedOf(services.items(), slices.items()));
        await this.nginx?.change(this.text(endpoints));
      }
    };
    this.#following = follow();
  }

  override async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    await super.stop();
  }
}

/** As it is by default, its pause of 2 seconds between two changes included. */
export class Traefik implements Contestant {
  readonly name = 'Traefik';
  readonly port = 9280;
  readonly trigger = ingressObject;
  #daemon: Daemon | undefined;

  constructor(private readonly ground: Ground) {}

  async start(): Promise<void> {
    const argv = [
      this.ground.traefik,
      `--entrypoints.web.address=127.0.0.1:${this.port}`,
      '--providers.kubernetesingress',
      ...['--log.level=ERROR', '--global.checknewversion=false', '--global.sendanonymoususage=false'],
    ];
    const env = { KUBECONFIG: this.ground.plane.access('traefik').kubeconfig };
    this.#daemon = await Daemon.start(
      'traefik',
      argv,
      () =>
        untilFine(this.port, hostOf(routeName(0))).then(
          () => true,
          () => false,
        ),
      { env },
    );
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop();
    this.#daemon = undefined;
  }

  async megabytes() {
    const own = listProcesses().filter(({ argv }) => argv[0] === this.ground.traefik);
    return { process: largest(own.map(({ pid }) => residentMegabytes(pid))) };
  }
}

/** Ready endpoints with their ports, by host. A host without any has none: nginx would not start with it. */
function endpointsByHost(observed: Observed): ReadonlyMap<string, readonly string[]> {
  const { routes } = routeTable(observed);
  return new Map(
    [...routes]
      .filter(([, { endpoints }]) => endpoints.length > 0)
      .map(([host, { endpoints }]) => [host, endpoints]),
  );
}
