import type { LatencyReport, ProbeFailure, ProbeReport } from '../../entries';
import type { Answer } from './ask';
import type { Histories } from './histories';
import { pointMs } from './latency-ring';
import { Schedule } from './schedule';
import type { Target } from './targets';

export interface ProberOptions {
  /** Undefined while the cluster is not known. */
  targets: () => readonly Target[] | undefined;
  ask: (target: Target) => Promise<Answer>;
  histories: Histories;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
  onAnswer?: (target: Target, answer: Answer) => void;
  /** There are more targets than are asked. */
  onTooMany?: (targets: number, asked: number) => void;
  /** Milliseconds between two probes of a target that answers. */
  periodMs?: number;
}

/** What the last probe of a target has shown. */
export interface Outcome extends Answer {
  target: Target;
  /** When it ended, and since when it is so, in milliseconds since 1970. */
  at: number;
  since: number;
}

/** Milliseconds after which one that fails is asked again: whoever repairs it is watching. */
const againMs = 2_000;
/** Milliseconds between two looks at whose turn it is. */
const tickMs = 100;
/** A hundred a second of all targets together: with more than five hundred, each waits longer than a period. */
const mostEachTick = 10;
/** At a time: when nobody answers, each takes as long as its time limit. */
const mostAtOnce = 200;
/** Milliseconds between two looks at what there is to ask. */
const lookMs = 2_000;
/** Of a cluster; it bounds memory and file. */
const mostTargets = 12_000;

/** Asks all targets, over and over, spread over the period. Looks at what there is by itself. */
export class Prober {
  readonly #schedule: Schedule;
  readonly #periodMs: number;
  readonly #running = new Set<Promise<void>>();
  #targets = new Map<string, Target>();
  readonly #outcomes = new Map<string, Outcome>();
  /** Ids of those whose last probe failed: there are few, and they are asked for at each change of the cluster. */
  readonly #failing = new Set<string>();
  #ticking: NodeJS.Timeout | undefined;
  #looked = -Infinity;
  #hasTooMany = false;

  constructor(private readonly options: ProberOptions) {
    const { periodMs = 5_000, random } = options;
    this.#periodMs = periodMs;
    this.#schedule = new Schedule({ firstMs: Math.min(periodMs, lookMs), random });
  }

  start(): void {
    this.#ticking = setInterval(() => this.#tick(performance.now()), tickMs);
  }

  /** Resolves when the probes that run have ended. */
  async stop(): Promise<void> {
    clearInterval(this.#ticking);
    await Promise.all(this.#running);
  }

  /** By target, of those that were asked. */
  outcomes(): Iterable<Outcome> {
    return this.#outcomes.values();
  }

  /** What does not answer, of each service, by `<environment>/<service>`. */
  failures(): Map<string, ProbeFailure[]> {
    const failures = new Map<string, ProbeFailure[]>();
    for (const id of this.#failing) {
      const { target, problem = '', since } = this.#outcomes.get(id)!;
      const key = `${target.environment}/${target.service}`;
      const failure = { asked: askedOf(target), problem, since: new Date(since).toISOString() };
      failures.set(key, [...(failures.get(key) ?? []), failure]);
    }
    return failures;
  }

  /** All that is known of one service's probes. */
  report(environment: string, service: string): LatencyReport {
    const own = [...this.#targets.values()].filter(
      (target) => target.environment === environment && target.service === service,
    );
    return { pointSeconds: pointMs / 1000, probes: own.map((target) => this.#reportOf(target)) };
  }

  #reportOf(target: Target): ProbeReport {
    const { histories, now } = this.options;
    const outcome = this.#outcomes.get(target.id);
    return {
      asked: askedOf(target),
      ...(outcome && {
        last: {
          at: new Date(outcome.at).toISOString(),
          ms: outcome.ms,
          ...(outcome.status === undefined ? {} : { status: outcome.status }),
          ...(outcome.problem === undefined ? {} : { problem: outcome.problem }),
        },
      }),
      points: histories
        .points(target.id, now())
        .map(([at, point]) => ({ at: new Date(at).toISOString(), ...point })),
    };
  }

  #tick(clock: number): void {
    if (clock - this.#looked >= lookMs) this.#look(clock);
    const most = Math.min(mostEachTick, mostAtOnce - this.#running.size);
    for (const id of this.#schedule.take(clock, most)) {
      const probe = this.#probe(id, clock).finally(() => this.#running.delete(probe));
      this.#running.add(probe);
    }
  }

  #look(clock: number): void {
    this.#looked = clock;
    const found = this.options.targets();
    if (!found) return;
    const targets = found.slice(0, mostTargets);
    const hasTooMany = targets.length < found.length;
    if (hasTooMany && !this.#hasTooMany) this.options.onTooMany?.(found.length, targets.length);
    this.#hasTooMany = hasTooMany;
    this.#targets = new Map(targets.map((target) => [target.id, target]));
    this.#schedule.keep(this.#targets.keys(), clock);
    for (const id of this.#outcomes.keys()) {
      if (this.#targets.has(id)) continue;
      this.#outcomes.delete(id);
      this.#failing.delete(id);
    }
    this.options.histories.forget(new Set(this.#targets.keys()), this.options.now());
  }

  async #probe(id: string, started: number): Promise<void> {
    const target = this.#targets.get(id)!;
    const answer = await this.options.ask(target);
    const isWell = answer.problem === undefined;
    this.#schedule.done(id, started, isWell ? this.#periodMs : Math.min(this.#periodMs, againMs));
    // It may have gone meanwhile.
    if (!this.#targets.has(id)) return;
    const at = this.options.now();
    const before = this.#outcomes.get(id);
    const isAsBefore = before !== undefined && (before.problem === undefined) === isWell;
    this.#outcomes.set(id, { ...answer, target, at, since: isAsBefore ? before.since : at });
    if (isWell) this.#failing.delete(id);
    else this.#failing.add(id);
    this.options.histories.add(id, at, isWell ? answer.ms : undefined);
    this.options.onAnswer?.(target, answer);
  }
}

/** What was asked, for people: without the path, which may have something secret in it. */
export function askedOf({ probe, host }: Target): string {
  return probe === 'health' ? `http://${host}` : `${host} through the gateway`;
}
