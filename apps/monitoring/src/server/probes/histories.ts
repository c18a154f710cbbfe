import { LatencyRing, merged, mostPoints, pointMs, stretchOf, summary, type Point } from './latency-ring';

/** As it is kept in a file. */
export interface HistoryRecord {
  id: string;
  newest: number;
  bytes: Buffer;
}

interface History {
  ring: LatencyRing;
  /** The stretch that is not over. */
  open: { stretch: number; ms: number[]; failed: number };
}

/** Milliseconds for which what is asked no more is kept: a service may be deployed anew. */
const keptMs = 3_600_000;

/** How long what was asked took to answer, of a day, by the id of the target. */
export class Histories {
  readonly #histories = new Map<string, History>();

  get size(): number {
    return this.#histories.size;
  }

  /** @param now milliseconds since 1970. @param ms that it took; undefined: it failed */
  add(id: string, now: number, ms: number | undefined): void {
    const stretch = stretchOf(now);
    const history = this.#histories.get(id) ?? this.#begin(id, new LatencyRing(), stretch);
    if (history.open.stretch !== stretch) {
      close(history);
      history.open = { stretch, ms: [], failed: 0 };
    }
    if (ms === undefined) history.open.failed++;
    else history.open.ms.push(ms);
  }

  /** With the time at which each begins, in milliseconds since 1970; the oldest first. */
  points(id: string, now: number): [at: number, point: Point][] {
    const history = this.#histories.get(id);
    if (!history) return [];
    const ring = history.ring.copy();
    close({ ...history, ring });
    return [...ring.points()]
      .filter(([stretch]) => stretch > stretchOf(now) - mostPoints)
      .map(([stretch, point]) => [stretch * pointMs, point]);
  }

  /** Forgets what is asked no more, after a while. @param ids that are asked */
  forget(ids: ReadonlySet<string>, now: number): void {
    for (const [id, { open }] of this.#histories)
      if (!ids.has(id) && now - (open.stretch + 1) * pointMs > keptMs) this.#histories.delete(id);
  }

  /** One after the other, each as it is when it is asked for. */
  *records(): Generator<HistoryRecord> {
    for (const [id, history] of this.#histories) {
      const ring = history.ring.copy();
      close({ ...history, ring });
      yield { id, newest: ring.newest, bytes: ring.bytes };
    }
  }

  /** What was kept of a run before; what is later than now is not believed. */
  restore(records: Iterable<HistoryRecord>, now: number): void {
    for (const { id, newest, bytes } of records)
      if (newest <= stretchOf(now)) this.#begin(id, new LatencyRing(newest, bytes), newest);
  }

  #begin(id: string, ring: LatencyRing, stretch: number): History {
    const history: History = { ring, open: { stretch, ms: [], failed: 0 } };
    this.#histories.set(id, history);
    return history;
  }
}

/** Puts the open stretch into the ring, which may have a part of it from before a restart. */
function close({ ring, open: { stretch, ms, failed } }: History): void {
  if (ms.length + failed === 0) return;
  const point = summary(ms, failed);
  const before = ring.get(stretch);
  ring.put(stretch, before ? merged(before, point) : point);
}
