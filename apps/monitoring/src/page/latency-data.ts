import type { LatencyPoint } from '../entries';

/** Seconds since 1970, then median, 95th percentile and slowest in milliseconds, and how many failed. */
export type LatencyData = [number[], ...(number | null)[][]];

/** What a chart draws. Stretches without a success have no times, and those without a probe nothing: a line ends there. */
export function latencyData(points: readonly LatencyPoint[], pointSeconds: number): LatencyData {
  const times: number[] = [];
  const [median, p95, max, failed]: (number | null)[][] = [[], [], [], []] as never;
  let next: number | undefined;
  for (const point of points) {
    const time = Date.parse(point.at) / 1000;
    if (next !== undefined && time > next) add(next);
    add(time, point);
    next = time + pointSeconds;
  }
  return [times, median!, p95!, max!, failed!];

  function add(time: number, point?: LatencyPoint): void {
    const has = point && point.succeeded > 0;
    times.push(time);
    median!.push(has ? point.median : null);
    p95!.push(has ? point.p95 : null);
    max!.push(has ? point.max : null);
    failed!.push(point && point.failed > 0 ? point.failed : null);
  }
}
