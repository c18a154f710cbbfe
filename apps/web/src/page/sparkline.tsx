import { linePoints } from './line-points';

const WIDTH = 120;
const HEIGHT = 28;

/** The last prices as a line, for the eye only: the figures stand beside it. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const points = linePoints(values, WIDTH, HEIGHT);
  const [x, y] = points.at(-1) ?? [0, 0];
  return (
    <svg className="sparkline" viewBox={`-3 -3 ${WIDTH + 6} ${HEIGHT + 6}`} aria-hidden="true">
      <polyline points={points.map((point) => point.join(',')).join(' ')} />
      <circle cx={x} cy={y} r="2.2" />
    </svg>
  );
}
