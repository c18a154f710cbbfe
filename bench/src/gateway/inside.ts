import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlPlane } from '../control-plane/control-plane';
import type { BenchPrograms } from '../control-plane/programs';
import { rotated } from '../statistics';
import { untilFine } from './ask';
import { BerthGateway, RawNginx, ReloadedNginx, Traefik, type Contestant, type Ground } from './contestants';
import { follow } from './follow';
import { latencyAt, saturate } from './load';
import { longRun, type LongRunGoals } from './long-run';
import { hostOf, NAMESPACE } from './objects';
import { backEndConfiguration, PlainNginx } from './plain-nginx';
import { resync } from './resync';
import type { Following, Latency, Results, Throughput } from './rows';
import { routeName, Routes } from './routes';

/** What the part in the network of its own is told, as a file of JSON. */
export interface Assignment {
  image: string;
  /** In the form of `docker run --network`. */
  network: string;
  scratch: string;
  programs: BenchPrograms & { traefik: string; vegeta: string };
  sizes: readonly number[];
  /** Whether these are the sizes that are published, with the whole number of requests. */
  whole: boolean;
  /** Where the results go. */
  results: string;
}

type ContestantRun = Results['longRuns'][number];

const LONG: LongRunGoals = {
  requests: 1_000_000,
  changes: 10_000,
  updates: 100,
  websockets: 200,
  probes: 300,
};
const SHORT: LongRunGoals = { requests: 100_000, changes: 1000, updates: 20, websockets: 200, probes: 0 };

/** Traefik and the reloads are not taken further. */
const MOST_OF_PEERS = 1000;
const ROUNDS = 3;
/** The slowest of a hundred requests of one round vary by half between two rounds of the same. */
const LATENCY_ROUNDS = 15;
const LATENCY_SECONDS = 3;
const RESYNCS = 5;
const SECONDS = 6;
/** Milliseconds after which Traefik and a reload have come to rest. */
const REST_MS = 3_000;

/** Runs in the network of its own, where nobody else listens. */
export async function measureInside(file: string, print: (line: string) => void): Promise<void> {
  const assignment = JSON.parse(readFileSync(file, 'utf8')) as Assignment;
  const { image, network, scratch, programs, sizes } = assignment;
  const plane = await ControlPlane.start({
    folder: join(scratch, 'plane'),
    programs,
    users: ['gateway', 'traefik'],
    controllers: false,
  });
  const ground: Ground = { image, network, scratch, plane, traefik: programs.traefik };
  const backEnd = await PlainNginx.start(join(scratch, 'back-end'), image, network, backEndConfiguration());
  try {
    const { client } = plane;
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    const routes = new Routes(client);
    const bench = new Bench(assignment, ground, routes, print);
    const following: Following[] = [];
    const throughput: Throughput[] = [];
    const latency: Latency[] = [];
    const longRuns: ContestantRun[] = [];
    for (const size of sizes) {
      print(`${size} routes: making them`);
      await routes.growTo(size, MOST_OF_PEERS);
      following.push(...(await bench.following(size)));
      const served = await bench.serving(size);
      throughput.push(...served.throughput);
      latency.push(...served.latency);
      const isLast = size === Math.max(...sizes);
      longRuns.push(...(await bench.longRuns(size, isLast)));
    }
    const milliseconds = await bench.resync();
    const away = await bench.withoutServer();
    const results: Results = {
      following,
      throughput,
      latency,
      longRuns,
      resync: { routes: routes.count, milliseconds },
      away,
      failures: bench.failures,
    };
    writeFileSync(assignment.results, JSON.stringify(results));
  } finally {
    await backEnd.container.remove();
    await plane.stop();
  }
}

class Bench {
  /** What peers could not do, a line each. */
  readonly failures: string[] = [];
  readonly #berth: BerthGateway;
  readonly #raw: RawNginx;
  readonly #reloaded: ReloadedNginx;
  readonly #traefik: Traefik;

  constructor(
    private readonly assignment: Assignment,
    private readonly ground: Ground,
    private readonly routes: Routes,
    private readonly print: (line: string) => void,
  ) {
    this.#berth = new BerthGateway(ground);
    this.#raw = new RawNginx(ground);
    this.#reloaded = new ReloadedNginx(ground);
    this.#traefik = new Traefik(ground);
  }

  /** One contestant at a time, since all would follow what is made for one. */
  async following(size: number): Promise<Following[]> {
    const contestants = size <= MOST_OF_PEERS ? [this.#berth, this.#traefik, this.#reloaded] : [this.#berth];
    const results: Following[] = [];
    for (const contestant of contestants) {
      await this.#running([contestant], async () => {
        for (const hurried of [false, true]) {
          const isOurs = contestant === this.#berth;
          const changes = this.assignment.whole ? (isOurs ? 200 : 12) : isOurs ? 40 : 4;
          const pauseMs = hurried ? 0 : isOurs ? 100 : REST_MS;
          const prefix = `probe-${size}-${contestant.port}-${hurried ? 'hurried' : 'idle'}`;
          this.print(
            `${size} routes: ${contestant.name} follows${hurried ? ' one change after the other' : ''}`,
          );
          const { client } = this.ground.plane;
          const followed = await follow(contestant, client, this.routes, { changes, pauseMs, prefix });
          results.push({ contestant: contestant.name, routes: size, hurried, followed });
        }
      });
    }
    return results;
  }

  /** As many requests as each can answer, and then a quarter of that to all. */
  async serving(size: number): Promise<{ throughput: Throughput[]; latency: Latency[] }> {
    const contestants = [this.#berth, this.#raw, ...(size <= MOST_OF_PEERS ? [this.#traefik] : [])];
    return this.#running(contestants, async () => {
      this.print(`${size} routes: requests`);
      const throughput = await this.#throughput(size, contestants);
      const able = contestants.filter(({ name }) => throughput.some(({ contestant }) => contestant === name));
      // All of them keep up with a quarter of what the slowest can, and with what sends it on the same machine.
      const rate = Math.floor(Math.min(...throughput.map(({ requestsPerSecond }) => requestsPerSecond)) / 4);
      return { throughput, latency: await this.#latency(size, able, rate) };
    });
  }

  async #throughput(size: number, contestants: readonly Contestant[]): Promise<Throughput[]> {
    const hostsFile = this.#hostsFile();
    const results: Throughput[] = [];
    const failing = new Set<string>();
    for (const { port } of contestants) await saturate(port, hostsFile, 2);
    for (let round = 0; round < ROUNDS; round++) {
      for (const contestant of rotated(contestants, round)) {
        const { name, port } = contestant;
        if (failing.has(name)) continue;
        const { requests, seconds, failed } = await saturate(port, hostsFile, SECONDS);
        const requestsPerSecond = requests / seconds;
        this.print(`  ${name}: ${Math.round(requestsPerSecond)} requests a second`);
        if (failed === 0) results.push({ contestant: name, routes: size, requestsPerSecond });
        else {
          failing.add(name);
          this.#note(contestant, `${size} routes: failed ${failed} of ${requests} requests`);
        }
      }
    }
    return results.filter(({ contestant }) => !failing.has(contestant));
  }

  async #latency(size: number, contestants: readonly Contestant[], rate: number): Promise<Latency[]> {
    const { scratch, programs } = this.assignment;
    const hosts = this.#hosts();
    const results: Latency[] = [];
    for (let round = 0; round < LATENCY_ROUNDS; round++) {
      for (const { name, port } of rotated(contestants, round)) {
        const options = { vegeta: programs.vegeta, scratch, port, hosts, seconds: LATENCY_SECONDS };
        const p99 = await latencyAt(rate, options);
        this.print(`  ${name}: at ${rate} requests a second p99 ${p99.toFixed(2)} ms`);
        results.push({ contestant: name, routes: size, p99 });
      }
    }
    return results;
  }

  /** A peer that fails has no more figures with that many routes; Berth must not. */
  #note(contestant: Contestant, failure: string): void {
    if (contestant === this.#berth) throw new Error(`${contestant.name}: ${failure}`);
    this.failures.push(`${contestant.name}, ${failure}`);
  }

  /** Of the peers with as many routes as they are taken to, of the gateway with the most of all. */
  async longRuns(size: number, isLast: boolean): Promise<ContestantRun[]> {
    const { scratch, whole } = this.assignment;
    const peers = isLast ? size <= MOST_OF_PEERS : size === MOST_OF_PEERS;
    const runs: ContestantRun[] = [];
    const run = async (contestant: Contestant, goals: LongRunGoals) => {
      const { requests, changes, updates } = goals;
      this.print(
        `${size} routes: ${contestant.name}, ${requests} requests beside ${changes} changes and ${updates} rolling updates`,
      );
      await this.#running([contestant], async () => {
        const ground = { plane: this.ground.plane, routes: this.routes, scratch };
        runs.push({
          contestant: contestant.name,
          routes: size,
          run: await longRun(contestant, ground, goals),
        });
      });
    };
    if (peers) for (const peer of [this.#traefik, this.#reloaded]) await run(peer, SHORT);
    if (isLast) await run(this.#berth, whole ? LONG : { ...SHORT, probes: 40 });
    return runs;
  }

  /** Milliseconds. */
  async resync(): Promise<number[]> {
    const host = hostOf(routeName(this.routes.count - 1));
    const { adminSocket: socket, port } = this.#berth;
    return this.#running([this.#berth], async () => {
      this.print('Berth: all routes anew');
      await untilFine(port, host);
      // It would say at once that nginx has another table than its own.
      await this.#berth.stopController();
      const milliseconds: number[] = [];
      for (let generation = 1001; generation <= 1000 + RESYNCS; generation++)
        milliseconds.push(await resync(this.ground.plane.client, { socket, port, host, generation }));
      return milliseconds;
    });
  }

  /** Ends the API server for good. */
  async withoutServer(): Promise<Results['away']> {
    return this.#running([this.#berth], async () => {
      this.print('Berth: nginx restarts while there is no API server');
      await untilFine(this.#berth.port, hostOf(routeName(this.routes.count - 1)));
      await this.#berth.untilSaved();
      await this.ground.plane.stop();
      await this.#berth.restartNginx();
      const { requests, failed } = await saturate(this.#berth.port, this.#hostsFile(), SECONDS);
      return { requests, failed };
    });
  }

  /** Of all routes; its path. */
  #hostsFile(): string {
    const path = join(this.assignment.scratch, 'hosts');
    writeFileSync(
      path,
      this.#hosts()
        .map((host) => `${host}\n`)
        .join(''),
    );
    return path;
  }

  #hosts(): string[] {
    return Array.from({ length: this.routes.count }, (_, index) => hostOf(routeName(index)));
  }

  async #running<Result>(contestants: readonly Contestant[], work: () => Promise<Result>): Promise<Result> {
    try {
      for (const contestant of contestants) await contestant.start();
      return await work();
    } finally {
      for (const contestant of contestants) await contestant.stop();
    }
  }
}
