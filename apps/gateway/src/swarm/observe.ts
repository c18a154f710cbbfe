import { setTimeout as delay } from 'node:timers/promises';
import type { ObservedChanges } from '@berth/routes';
import { errorText, type Log } from '../log';
import { Loop } from '../loop';
import type { Observation, ObserveOptions } from '../observe';
import type { SwarmApi } from './api';
import { observedSwarm, type ObservedSwarm } from './observed';
import type { SwarmState } from './state';

/** Milliseconds between two looks. */
export interface Pace {
  /** While tasks start or end, which Docker tells of only at the node where they run. */
  moving: number;
  /** Else. A task that ends by itself on another node is seen by this. */
  still: number;
  /** For so long after an event what it has begun is not visible yet. */
  afterEvent: number;
  /** Before the events are asked for anew. */
  reconnect: number;
}

const PACE: Pace = { moving: 250, still: 1000, afterEvent: 3000, reconnect: 1000 };

/**
 * Keeps the public services of a Swarm and their tasks at hand. Docker has no watch: an event wakes a look at the whole,
 * and so does time. When a look fails, what was seen last stays.
 */
export function observeSwarm(
  api: Pick<SwarmApi, 'state' | 'follow'>,
  { onChange, log, signal }: ObserveOptions,
  pace: Pace = PACE,
): Observation {
  let seen: Seen | undefined;
  let lastEvent = -Infinity;
  let isMoving = false;
  let isDoubted = false;
  const changed: Record<keyof ObservedSwarm, Set<string>> = {
    services: new Set(),
    endpointSlices: new Set(),
  };

  const round = async (): Promise<void> => {
    const state = await api.state();
    isMoving = state.isMoving;
    if (!isBelievable(state)) {
      if (!isDoubted) log.warn('the Swarm has no task that runs, which is not believed; the routes stay');
      isDoubted = true;
      return;
    }
    isDoubted = false;
    const now = new Seen(observedSwarm(state));
    if (!seen) log.info('listed the Swarm', { services: now.observed.services.size });
    for (const kind of ['services', 'endpointSlices'] as const)
      for (const key of now.differing(kind, seen)) changed[kind].add(key);
    const isFirst = !seen;
    seen = now;
    if (isFirst || changed.services.size > 0 || changed.endpointSlices.size > 0) onChange();
  };
  const loop = new Loop({
    round,
    pollMs: () => (isMoving || performance.now() - lastEvent < pace.afterEvent ? pace.moving : pace.still),
    onFailure: (error, failures, pauseMs) =>
      log.warn('cannot see the Swarm; the routes stay', { error: errorText(error), failures, pauseMs }),
  });
  void loop.run(signal);
  void followEvents(api, log, signal, pace.reconnect, () => {
    lastEvent = performance.now();
    loop.wake();
  });

  return {
    apiServers: () => [],
    changes(): ObservedChanges | undefined {
      if (!seen) return undefined;
      const { services, endpointSlices } = seen.observed;
      return {
        services: taken(changed.services, services),
        endpointSlices: taken(changed.endpointSlices, endpointSlices),
      };
    },
  };
}

/** The gateway is a service of the Swarm itself, and this comes from a task of it. */
function isBelievable({ tasks }: SwarmState): boolean {
  return tasks.some(({ runs }) => runs);
}

/** What was seen, with its text, by which a later look knows what is other. */
class Seen {
  readonly #texts: Record<keyof ObservedSwarm, Map<string, string>>;

  constructor(readonly observed: ObservedSwarm) {
    this.#texts = { services: texts(observed.services), endpointSlices: texts(observed.endpointSlices) };
  }

  /** Keys of what is other than before, new or gone. */
  differing(kind: keyof ObservedSwarm, before: Seen | undefined): string[] {
    const own = this.#texts[kind];
    const others = before ? before.#texts[kind] : new Map<string, string>();
    return [...new Set([...own.keys(), ...others.keys()])].filter((key) => own.get(key) !== others.get(key));
  }
}

function texts(objects: ReadonlyMap<string, unknown>): Map<string, string> {
  return new Map([...objects].map(([key, object]) => [key, JSON.stringify(object)]));
}

function taken<Kept>(keys: Set<string>, objects: ReadonlyMap<string, Kept>): Map<string, Kept | undefined> {
  const found = new Map([...keys].map((key) => [key, objects.get(key)]));
  keys.clear();
  return found;
}

async function followEvents(
  api: Pick<SwarmApi, 'follow'>,
  log: Log,
  signal: AbortSignal,
  reconnectMs: number,
  onEvent: () => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await api.follow(onEvent, signal);
    } catch (error) {
      if (signal.aborted) return;
      log.warn('cannot follow the events of the Swarm; looking now and then', { error: errorText(error) });
    }
    await delay(reconnectMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    onEvent();
  }
}
