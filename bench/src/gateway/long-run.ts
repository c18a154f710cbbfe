import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlPlane } from '../control-plane/control-plane';
import { untilFine } from './ask';
import { BackEnds } from './back-ends';
import type { Contestant } from './contestants';
import type { Followed } from './follow';
import { followApart } from './follow-apart';
import { saturate } from './load';
import { hostOf, POD_PORT, type Endpoint } from './objects';
import { routeName, staticEndpoints, type Routes } from './routes';
import { Websockets } from './websockets';

/** What must have happened before it ends. */
export interface LongRunGoals {
  requests: number;
  /** Of the endpoints of routes, so many a second. */
  changes: number;
  /** Rolling updates of services with two pods. */
  updates: number;
  websockets: number;
  /** New routes, of which each is followed from its event to its first answer. */
  probes: number;
}

export interface LongRun {
  requests: number;
  failed: number;
  changes: number;
  updates: number;
  websocketsLost: number;
  followed: readonly Followed[];
  megabytes: Readonly<Record<string, number>>;
}

const CHANGES_PER_SECOND = 50;
/** Services whose pods are replaced; each fifth request is for one of them. */
const UPDATED = 10;
/** Milliseconds for which a pod answers after it was told to end: the kubelet's sleep. */
const DRAIN_MS = 5_000;
/** Seconds of one run of wrk. */
const LOAD_SECONDS = 10;
const SOCKETS = 'sockets';
const SOCKETS_ADDRESS = '10.97.0.1';

interface Ground {
  plane: ControlPlane;
  routes: Routes;
  scratch: string;
}

/** Routes change and pods are replaced while requests come as fast as they are answered. */
export async function longRun(contestant: Contestant, ground: Ground, goals: LongRunGoals): Promise<LongRun> {
  const { plane, routes, scratch } = ground;
  const backEnds = new BackEnds();
  const updated = Array.from({ length: UPDATED }, (_, index) => new UpdatedService(index, routes, backEnds));
  const made = [SOCKETS, ...updated.map(({ name }) => name)].map((name) => contestant.trigger(name, {}));
  let websockets: Websockets | undefined;
  try {
    await backEnds.open(SOCKETS_ADDRESS);
    await routes.add(SOCKETS, [{ address: SOCKETS_ADDRESS }], POD_PORT);
    for (const service of updated) await service.start();
    if (made[0]?.kind === 'Ingress') await routes.create(...made);
    for (const { metadata } of made) await untilFine(contestant.port, hostOf(metadata.name));
    websockets = await Websockets.open(contestant.port, hostOf(SOCKETS), goals.websockets);

    const hostsFile = join(scratch, 'hosts');
    writeFileSync(
      hostsFile,
      mixed(routes.count, updated)
        .map((name) => `${hostOf(name)}\n`)
        .join(''),
    );
    const done = { requests: 0, failed: 0, changes: 0, updates: 0 };
    let followed: readonly Followed[] | undefined;
    const goesOn = () =>
      done.requests < goals.requests ||
      done.changes < goals.changes ||
      done.updates < goals.updates ||
      followed === undefined;
    const load = async () => {
      while (goesOn()) {
        const { requests, failed } = await saturate(contestant.port, hostsFile, LOAD_SECONDS);
        done.requests += requests;
        done.failed += failed;
      }
    };
    const change = async () => {
      const begun = performance.now();
      for (; done.changes < goals.changes; done.changes++) {
        const early = begun + (done.changes * 1000) / CHANGES_PER_SECOND - performance.now();
        if (early > 0) await delay(early);
        const index = done.changes % routes.count;
        const turn = 1 + Math.floor(done.changes / routes.count);
        await routes.setEndpoints(routeName(index), staticEndpoints(index, turn));
      }
    };
    const update = async (service: UpdatedService) => {
      const each = Math.ceil(goals.updates / UPDATED);
      for (let count = 0; count < each; count++) {
        await service.update();
        done.updates++;
      }
    };
    const probe = async () => {
      const options = { changes: goals.probes, pauseMs: 100, prefix: 'loaded' };
      followed = await followApart(contestant, plane, options);
    };
    await Promise.all([load(), change(), probe(), ...updated.map(update)]);
    const megabytes = await contestant.megabytes();
    return { ...done, websocketsLost: websockets.lost, followed: followed ?? [], megabytes };
  } finally {
    websockets?.close();
    await backEnds.stop();
    await routes.forget(SOCKETS, ...updated.map(({ name }) => name));
    if (made[0]?.kind === 'Ingress') await routes.remove(...made);
  }
}

/** All routes, and after each four of them one of the updated services. */
function mixed(count: number, updated: readonly UpdatedService[]): string[] {
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const service = index % 4 === 3 ? updated[Math.floor(index / 4) % updated.length] : undefined;
    return service ? [routeName(index), service.name] : [routeName(index)];
  });
}

/** A service with two pods, which a rolling update replaces one after the other, as a Deployment does. */
class UpdatedService {
  readonly name: string;
  #pods: string[] = [];
  #made = 0;

  constructor(
    private readonly index: number,
    private readonly routes: Routes,
    private readonly backEnds: BackEnds,
  ) {
    this.name = `updated-${index}`;
  }

  async start(): Promise<void> {
    this.#pods = [await this.#newPod(), await this.#newPod()];
    await this.routes.add(this.name, this.#ready(), POD_PORT);
  }

  async update(): Promise<void> {
    for (const old of [...this.#pods]) {
      this.#pods = [...this.#pods.filter((pod) => pod !== old), await this.#newPod()];
      await this.routes.setEndpoints(this.name, [...this.#ready(), { address: old, leaves: true }]);
      await delay(DRAIN_MS);
      await this.backEnds.close(old);
      await this.routes.setEndpoints(this.name, this.#ready());
    }
  }

  #ready(): Endpoint[] {
    return this.#pods.map((address) => ({ address }));
  }

  async #newPod(): Promise<string> {
    const address = `10.98.${this.index}.${++this.#made}`;
    await this.backEnds.open(address);
    return address;
  }
}
