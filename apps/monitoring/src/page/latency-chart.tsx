import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { LatencyPoint } from '../entries';
import { latencyData } from './latency-data';
import { msText } from './latency-words';

interface Props {
  points: readonly LatencyPoint[];
  pointSeconds: number;
  /** What it shows, in words. */
  label: string;
}

const HEIGHT = 150;
const darkness = matchMedia('(prefers-color-scheme: dark)');

/** The latencies of a day. A canvas knows no variables of the style sheet, so it is made anew in the dark. */
export function LatencyChart({ points, pointSeconds, label }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const isDark = useSyncExternalStore(watchDarkness, () => darkness.matches);
  const data = useMemo(() => latencyData(points, pointSeconds), [points, pointSeconds]);
  const newest = useRef(data);
  newest.current = data;

  useEffect(() => {
    const element = place.current!;
    const drawn = new uPlot(optionsFor(element.clientWidth, pointSeconds), newest.current, element);
    chart.current = drawn;
    const resizing = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }));
    resizing.observe(element);
    return () => {
      resizing.disconnect();
      drawn.destroy();
    };
  }, [isDark, pointSeconds]);
  useEffect(() => chart.current?.setData(data), [data]);

  return <div ref={place} className="chart" role="img" aria-label={label} />;
}

function watchDarkness(watcher: () => void): () => void {
  darkness.addEventListener('change', watcher);
  return () => darkness.removeEventListener('change', watcher);
}

function optionsFor(width: number, pointSeconds: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis: uPlot.Axis = {
    stroke: colour('quiet'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
  };
  const time = (_: unknown, seconds: number) =>
    new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const ms = (_: unknown, value: number | null) => (value === null ? 'none' : msText(value));
  return {
    width,
    height: HEIGHT,
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: (_, from, to) => [from - pointSeconds, to + pointSeconds] },
      y: { range: (_, __, highest) => [0, highest > 0 ? highest * 1.1 : 1] },
      failed: { range: (_, __, most) => [0, Math.max(most, 1) * 4] },
    },
    axes: [
      { ...axis, values: (_, times) => times.map((seconds) => time(_, seconds)) },
      { ...axis, size: 64, values: (_, values) => values.map(msText) },
    ],
    series: [
      { label: 'From', value: (_, seconds) => (seconds === null ? '' : time(_, seconds)) },
      { label: 'median', stroke: colour('accent'), width: 2, value: ms },
      { label: '95 of 100', stroke: colour('well'), width: 1, value: ms },
      { label: 'slowest', stroke: colour('quiet'), width: 1, dash: [4, 4], value: ms },
      {
        label: 'failed',
        scale: 'failed',
        fill: colour('bad'),
        paths: uPlot.paths.bars!({ size: [0.8, 12] }),
        points: { show: false },
        value: (_, failed) => String(failed ?? 0),
      },
    ],
  };
}
