import { setTimeout as delay } from 'node:timers/promises';
import { Loop } from './loop';
import type { ReaderClient } from './reader-client';

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

const standardPace: Pace = { moving: 250, still: 1000, afterEvent: 3000, reconnect: 1000 };

export interface ReaderFollowing<State> {
  /** Told of each look at the whole; what it throws is a look that has failed. */
  onState: (state: State) => void;
  /** Whether it will be other in a moment, without anybody telling. */
  isMoving: (state: State) => boolean;
  /** Told of a look that failed, how many did so one after the other, and the pause before the next. */
  onFailure: (error: unknown, failures: number, pauseMs: number) => void;
  /** The events have ended; until there are some again it is time that wakes. */
  onEventsLost: (error: unknown) => void;
  signal: AbortSignal;
}

/** Looks at a Swarm until the signal. Docker has no watch: an event wakes a look at the whole, and so does time. */
export function followReader<State>(
  api: Pick<ReaderClient<State>, 'state' | 'follow'>,
  { onState, isMoving, onFailure, onEventsLost, signal }: ReaderFollowing<State>,
  pace: Pace = standardPace,
): void {
  let lastEvent = -Infinity;
  let moves = false;
  const loop = new Loop({
    async round() {
      const state = await api.state();
      moves = isMoving(state);
      if (!signal.aborted) onState(state);
    },
    pollMs: () => (moves || performance.now() - lastEvent < pace.afterEvent ? pace.moving : pace.still),
    onFailure,
  });
  const onEvent = (): void => {
    lastEvent = performance.now();
    loop.wake();
  };
  const followEvents = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await api.follow(onEvent, signal);
      } catch (error) {
        if (signal.aborted) return;
        onEventsLost(error);
      }
      await delay(pace.reconnect * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      onEvent();
    }
  };
  void loop.run(signal);
  void followEvents();
}
