import type { ClusterFinding } from './checks';

const marks: Readonly<Record<ClusterFinding['state'], string>> = { well: '✓', note: '!', missing: '✗' };

/** What was found as lines of text, each with what to do about it. */
export function checkLines(findings: readonly ClusterFinding[]): string[] {
  return findings.flatMap(({ state, what, hint }) => [
    `${marks[state]} ${what}`,
    ...(hint === undefined ? [] : hint.split('\n').map((line) => `    ${line}`)),
  ]);
}
