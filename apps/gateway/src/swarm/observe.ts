import { followReader, type Pace, type ReaderClient } from '@berth/follow';
import type { ObservedChanges } from '@berth/routes';
import { errorText } from '../log';
import type { Observation, ObserveOptions } from '../observe';
import { observedSwarm, type ObservedSwarm } from './observed';
import type { SwarmState } from './state';

/** Keeps the public services of a Swarm and their tasks at hand. When a look fails, what was seen last stays. */
export function observeSwarm(
  api: Pick<ReaderClient<SwarmState>, 'state' | 'follow'>,
  { onChange, log, signal }: ObserveOptions,
  pace?: Pace,
): Observation {
  let seen: Seen | undefined;
  let isDoubted = false;
  const changed: Record<keyof ObservedSwarm, Set<string>> = {
    services: new Set(),
    endpointSlices: new Set(),
  };

  const take = (state: SwarmState): void => {
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
  const following = {
    onState: take,
    isMoving: (state: SwarmState) => state.isMoving,
    onFailure: (error: unknown, failures: number, pauseMs: number) =>
      log.warn('cannot see the Swarm; the routes stay', { error: errorText(error), failures, pauseMs }),
    onEventsLost: (error: unknown) =>
      log.warn('cannot follow the events of the Swarm; looking now and then', { error: errorText(error) }),
    signal,
  };
  followReader(api, following, pace);

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
