import { lazy, Suspense, useCallback } from 'react';
import type { LatencyReport, ProbeReport } from '../entries';
import { clockTime } from './format';
import { chartText, lastText, msText } from './latency-words';
import { useReading } from './use-reading';
import { useWords } from './words';

/** Undefined where nothing is probed. */
export type ReadLatency = (environment: string, service: string) => Promise<LatencyReport | undefined>;

/** Fetched with the first dialog: the page itself has nothing to draw. Of a page that is older than its server it is gone. */
const LatencyChart = lazy(async () => {
  try {
    return { default: (await import('./latency-chart.js')).LatencyChart };
  } catch {
    return { default: NoChart };
  }
});

function NoChart() {
  return <p className="quiet">The chart cannot be loaded: reload the page. The table has the same.</p>;
}

interface Props {
  environment: string;
  service: string;
  /** Milliseconds since 1970, by the cluster's clock. */
  now: number;
  readLatency: ReadLatency;
}

/** Milliseconds between two looks while it is shown. */
const EVERY = 5_000;

/** What the probes of a service have shown, of a day. */
export function Latency({ environment, service, now, readLatency }: Props) {
  const read = useCallback(() => readLatency(environment, service), [environment, service, readLatency]);
  const report = useReading(read, EVERY);
  return report && <ProbeList report={report} now={now} />;
}

export function ProbeList({ report: { probes, pointSeconds }, now }: { report: LatencyReport; now: number }) {
  const { noProbes } = useWords();
  return (
    <>
      <h3>Probes</h3>
      {probes.length === 0 && <p className="quiet">{noProbes}</p>}
      {probes.map((probe) => (
        <Probe key={probe.asked} probe={probe} pointSeconds={pointSeconds} now={now} />
      ))}
    </>
  );
}

function Probe({ probe, pointSeconds, now }: { probe: ProbeReport; pointSeconds: number; now: number }) {
  const { asked, last, points } = probe;
  const summary = chartText(points);
  return (
    <div className="probe">
      <p className={last?.problem === undefined ? undefined : 'bad'}>{lastText(probe, now)}</p>
      <p className="quiet">{summary}</p>
      {points.length > 0 && (
        <>
          <Suspense fallback={<div className="chart" />}>
            <LatencyChart
              points={points}
              pointSeconds={pointSeconds}
              label={`Latency of ${asked}. ${summary}`}
            />
          </Suspense>
          <details>
            <summary>Latency of {asked} as a table</summary>
            <LatencyTable probe={probe} />
          </details>
        </>
      )}
    </div>
  );
}

function LatencyTable({ probe: { asked, points } }: { probe: ProbeReport }) {
  return (
    <div className="scroll" role="region" aria-label={`Latency of ${asked}`} tabIndex={0}>
      <table className="figure">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Median</th>
            <th scope="col">95 of 100</th>
            <th scope="col">Slowest</th>
            <th scope="col">Failed</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ at, succeeded, failed, median, p95, max }) => (
            <tr key={at}>
              <th scope="row">{clockTime(at)}</th>
              {[median, p95, max].map((ms, index) => (
                <td key={index}>{succeeded > 0 ? msText(ms) : 'none'}</td>
              ))}
              <td>
                {failed} of {failed + succeeded}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
