import type { LatencyPoint, ProbeReport } from '../entries';
import { clockTime, fromNow } from './format';

/** For example `2.4 ms`, `812 ms`. */
export function msText(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** What the last probe has shown. @param now milliseconds since 1970 */
export function lastText({ asked, last }: ProbeReport, now: number): string {
  if (!last) return `${asked} was not asked yet.`;
  const when = fromNow(last.at, now);
  return last.problem === undefined
    ? `${asked} answered in ${msText(last.ms)}, ${when}.`
    : `${asked} failed ${when}: ${last.problem}.`;
}

/** What the chart shows, for who does not see it. */
export function chartText(points: readonly LatencyPoint[]): string {
  const [first] = points;
  if (!first) return 'There is no history yet.';
  const sum = (count: (point: LatencyPoint) => number) =>
    points.reduce((total, point) => total + count(point), 0);
  const failed = sum((point) => point.failed);
  const all = failed + sum((point) => point.succeeded);
  const newest = points.findLast(({ succeeded }) => succeeded > 0);
  const times = newest
    ? `Lately half took at most ${msText(newest.median)}, 95 of 100 at most ${msText(newest.p95)}; the slowest of all took ${msText(Math.max(...points.map(({ max }) => max)))}.`
    : 'None succeeded.';
  return `Since ${clockTime(first.at)}: ${failed} of ${all} probes failed. ${times}`;
}
