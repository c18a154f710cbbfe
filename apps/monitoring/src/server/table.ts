import type { LiveObject } from '@berth/kube';
import type { Seen } from '@berth/orchestrators';
import { environmentKey, serviceKey, type Entry, type ProbeFailure } from '../entries';
import { ClusterObjects, namespaceOf, type EnvironmentObjects } from './cluster-objects';
import { environmentEntries } from './environment-entries';
import { LiveRoutes } from './live-routes';
import type { ObservedChanges } from './observe';

/** What does not answer, by `<environment>/<service>`. */
export type Failures = ReadonlyMap<string, readonly ProbeFailure[]>;

/** As EntryChanges. */
interface Changed {
  set: Map<string, Entry>;
  gone: string[];
}

/** An environment as it was made last. */
interface Made {
  entries: ReadonlyMap<string, Entry>;
  /**
   * When the signs of workloads that are not well were first seen, by the workload's uid. They go with the environment:
   * nobody judges it while it is none.
   */
  seen: ReadonlyMap<string, Seen>;
  /** Nothing of it becomes otherwise by time alone. */
  isSettled: boolean;
}

/**
 * The table of environments and services, kept current.
 * Of each change only the environments are made anew that it touches, each from all that it depends on: its own objects,
 * what the gateway makes of its Services, and which of its probes fail. What it says depends on that alone and on how long
 * signs have lasted, whatever came before and in whatever order.
 */
export class Table {
  readonly objects = new ClusterObjects();
  readonly routes = new LiveRoutes();
  readonly #made = new Map<string, Made>();
  /** Environments that are to be made anew. */
  readonly #touched = new Set<string>();
  #failures: Failures = new Map();

  /** Has the next `take` look at what time alone may have changed. */
  passTime(): void {
    for (const [name, { isSettled }] of this.#made) if (!isSettled) this.#touched.add(name);
  }

  /**
   * Takes in what has changed. An environment that cannot be made stays as it was, and is tried again at the next call.
   * @param onError told of it
   */
  take(
    changes: ObservedChanges,
    { failures = new Map(), now }: { failures?: Failures; now: Date },
    onError: (environment: string, error: unknown) => void,
  ): Changed {
    for (const name of this.objects.take(changes)) this.#touched.add(name);
    for (const name of this.routes.take(changes, (each) => this.objects.services(each)))
      this.#touched.add(name);
    for (const name of failing(failures, this.#failures)) this.#touched.add(name);
    this.#failures = failures;
    const changed: Changed = { set: new Map(), gone: [] };
    for (const name of this.#touched) {
      try {
        this.#make(name, now, changed);
        this.#touched.delete(name);
      } catch (error) {
        onError(name, error);
      }
    }
    return changed;
  }

  /** Signs that are remembered; for tests. */
  get signs(): number {
    return [...this.#made.values()]
      .flatMap(({ seen }) => [...seen.values()])
      .reduce((sum, { size }) => sum + size, 0);
  }

  #make(name: string, now: Date, { set, gone }: Changed): void {
    const before = this.#made.get(name);
    const objects = this.objects.environment(name);
    const made = objects && this.#environment(name, objects, now, before?.seen);
    if (made) this.#made.set(name, made);
    else this.#made.delete(name);
    for (const [key, entry] of made?.entries ?? []) set.set(key, entry);
    for (const key of before?.entries.keys() ?? []) if (!made?.entries.has(key)) gone.push(key);
  }

  #environment(name: string, objects: EnvironmentObjects, now: Date, before: Made['seen'] = new Map()): Made {
    const seen = new Map<string, Seen>();
    const { environment, services } = environmentEntries(objects, {
      routes: this.routes.of(name),
      failures: this.#failures,
      seenOf({ metadata: { uid } }) {
        const signs = before.get(uid) ?? new Map<string, number>();
        seen.set(uid, signs);
        return signs;
      },
      now,
    });
    for (const [index, { state }] of services.entries())
      if (state === 'healthy') seen.delete(objects.workloads[index]!.metadata.uid);
    forgetSigns(seen, objects);
    return {
      entries: new Map<string, Entry>([
        [environmentKey(name), environment],
        ...services.map((service) => [serviceKey(service), service] as const),
      ]),
      seen,
      isSettled: objects.lease === undefined && services.every(({ state }) => state === 'healthy'),
    };
  }
}

/** Of what is gone: pods come and go for months. A sign's key begins with the uid of what has it. */
function forgetSigns(seen: ReadonlyMap<string, Seen>, objects: EnvironmentObjects): void {
  if (seen.size === 0) return;
  const { workloads, replicaSets, pods } = objects;
  const there = new Set([...workloads, ...replicaSets, ...pods].map(uidOf));
  for (const signs of seen.values())
    for (const key of signs.keys()) if (!there.has(key.slice(0, key.indexOf('/')))) signs.delete(key);
}

function uidOf({ metadata }: LiveObject): string {
  return metadata.uid;
}

/** Environments in which other probes fail than before. */
function failing(now: Failures, before: Failures): Set<string> {
  const services = new Set([...now.keys(), ...before.keys()]);
  return new Set([...services].filter((each) => !isSame(now.get(each), before.get(each))).map(namespaceOf));
}

function isSame(one: readonly ProbeFailure[] = [], other: readonly ProbeFailure[] = []): boolean {
  return (
    one.length === other.length &&
    one.every(({ asked, problem, since }, index) => {
      const of = other[index]!;
      return asked === of.asked && problem === of.problem && since === of.since;
    })
  );
}
