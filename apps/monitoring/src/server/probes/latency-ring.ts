/** Milliseconds that one point stands for. */
export const pointMs = 5 * 60_000;
/** A day. */
export const mostPoints = 288;

/** Of those probes of one stretch of time that succeeded, in milliseconds; and how many did not. */
export interface Point {
  succeeded: number;
  failed: number;
  /** 0 when none has succeeded. */
  median: number;
  p95: number;
  max: number;
}

/** Bytes of a point: three times in tenths of a millisecond, and two numbers. */
const pointBytes = 8;
export const ringBytes = mostPoints * pointBytes;
const mostTenths = 0xffff;
const mostCounted = 0xff;

/** Which stretch a time belongs to, in milliseconds since 1970. */
export function stretchOf(time: number): number {
  return Math.floor(time / pointMs);
}

/** What came of the probes of a stretch. @param ms of those that succeeded */
export function summary(ms: readonly number[], failed: number): Point {
  const sorted = [...ms].sort((one, other) => one - other);
  // The nearest rank: a time that one of the probes really took.
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { succeeded: sorted.length, failed, median: rank(0.5), p95: rank(0.95), max: rank(1) };
}

/** Two parts of the same stretch; of the larger one the quantiles, which nobody can add. */
export function merged(one: Point, other: Point): Point {
  const larger = one.succeeded >= other.succeeded ? one : other;
  return {
    succeeded: one.succeeded + other.succeeded,
    failed: one.failed + other.failed,
    median: larger.median,
    p95: larger.p95,
    max: Math.max(one.max, other.max),
  };
}

/** The points of a day, in as few bytes as a cluster of thousands of services needs. */
export class LatencyRing {
  /** @param newest stretch that it knows of; -1: none. @param bytes as `bytes` gave them */
  constructor(
    private newestStretch = -1,
    private readonly buffer: Buffer = Buffer.alloc(ringBytes),
  ) {}

  get newest(): number {
    return this.newestStretch;
  }

  get bytes(): Buffer {
    return this.buffer;
  }

  copy(): LatencyRing {
    return new LatencyRing(this.newestStretch, Buffer.from(this.buffer));
  }

  get(stretch: number): Point | undefined {
    if (stretch < 0 || stretch > this.newestStretch || stretch <= this.newestStretch - mostPoints)
      return undefined;
    const at = placeOf(stretch);
    const [succeeded, failed] = [this.buffer.readUInt8(at), this.buffer.readUInt8(at + 1)];
    if (succeeded + failed === 0) return undefined;
    const ms = (place: number) => this.buffer.readUInt16LE(at + place) / 10;
    return { succeeded, failed, median: ms(2), p95: ms(4), max: ms(6) };
  }

  /** Takes the place of what the stretch had. What is later is forgotten: a clock was wrong then. */
  put(stretch: number, point: Point): void {
    this.#moveTo(stretch);
    const at = placeOf(stretch);
    this.buffer.writeUInt8(Math.min(point.succeeded, mostCounted), at);
    this.buffer.writeUInt8(Math.min(point.failed, mostCounted), at + 1);
    const write = (ms: number, place: number) =>
      this.buffer.writeUInt16LE(Math.min(Math.round(ms * 10), mostTenths), at + place);
    write(point.median, 2);
    write(point.p95, 4);
    write(point.max, 6);
  }

  /** Stretches that have a point, the oldest first. */
  *points(): Generator<[stretch: number, point: Point]> {
    for (
      let stretch = Math.max(0, this.newestStretch - mostPoints + 1);
      stretch <= this.newestStretch;
      stretch++
    ) {
      const point = this.get(stretch);
      if (point) yield [stretch, point];
    }
  }

  #moveTo(stretch: number): void {
    const distance = Math.abs(stretch - this.newestStretch);
    if (distance >= mostPoints) this.buffer.fill(0);
    else {
      const first = Math.min(stretch, this.newestStretch) + 1;
      for (let each = first; each < first + distance; each++) {
        const at = placeOf(each);
        this.buffer.fill(0, at, at + pointBytes);
      }
    }
    this.newestStretch = stretch;
  }
}

function placeOf(stretch: number): number {
  return (stretch % mostPoints) * pointBytes;
}
