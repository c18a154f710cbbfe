import type { Machine } from './machine';

/** One figure of Berth's, beside a peer's or a goal. */
export interface Row {
  case: string;
  figure: string;
  unit: string;
  value: number;
  /** Runs that the values are medians of. */
  runs: number;
  peer: string | null;
  peerValue: number | null;
  /** For example `< 3`; null where none was set. */
  goal: string | null;
  met: boolean | null;
}

/** A file of bench/results. */
export interface Report {
  machine: Machine;
  /** ISO 8601. */
  date: string;
  /** What was measured; with `, changed` when something was not committed. */
  commit: string;
  versions: Readonly<Record<string, string>>;
  rows: readonly Row[];
  /** What peers could not do, a line each. */
  failures: readonly string[];
}

type Goal = readonly [sign: '<' | '≤' | '≥', limit: number];

const meets = {
  '<': (value: number, limit: number) => value < limit,
  '≤': (value: number, limit: number) => value <= limit,
  '≥': (value: number, limit: number) => value >= limit,
};

/** A row, judged by its goal; values are kept to three significant digits. */
export function row(
  { value, ...rest }: Pick<Row, 'case' | 'figure' | 'unit' | 'value' | 'runs'>,
  { peer, goal }: { peer?: { name: string; value: number }; goal?: Goal } = {},
): Row {
  return {
    ...rest,
    value: rounded(value),
    peer: peer?.name ?? null,
    peerValue: peer ? rounded(peer.value) : null,
    goal: goal ? goal.join(' ') : null,
    met: goal ? meets[goal[0]](value, goal[1]) : null,
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

export function reportJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** The report as a table of Markdown, under a line that says where its figures come from. */
export function reportTable(title: string, report: Report): string {
  const { machine, date, commit, versions, rows, failures } = report;
  const header = ['Case', 'Figure', 'Berth', 'Peer', 'Its figure', 'Ratio', 'Runs', 'Goal'];
  const cells = [header, ...rows.map(cellsOf)];
  const widths = header.map((_, column) => Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return [
    `# ${title}`,
    '',
    `Measured on ${date.slice(0, 10)} at commit ${commit}, on ${machine.cores} cores of ${machine.processor}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}.`,
    '',
    `${Object.entries(versions)
      .map(([program, version]) => `${program} ${version}`)
      .join(', ')}.`,
    '',
    line(first),
    line(widths.map((width) => '-'.repeat(width))),
    ...others.map(line),
    '',
    ...(failures.length > 0 ? ['Failed:', '', ...failures.map((failure) => `- ${failure}`), ''] : []),
  ].join('\n');
}

function cellsOf({ case: of, figure, unit, value, runs, peer, peerValue, goal, met }: Row): string[] {
  return [
    of,
    figure,
    `${value} ${unit}`,
    peer ?? '',
    peerValue === null ? '' : `${peerValue} ${unit}`,
    peerValue === null ? '' : `${(peerValue / value).toFixed(1)} ×`,
    String(runs),
    goal === null ? '' : `${goal} ${unit}: ${met ? 'met' : 'missed'}`,
  ];
}
