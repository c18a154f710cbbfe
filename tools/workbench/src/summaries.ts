import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One line on what docker-push did, from the file that it leaves. */
export function imageSummary(root: string): string {
  const { images } = JSON.parse(readFileSync(join(root, '.berth/images.json'), 'utf8')) as {
    images: Record<string, { outcome: string }>;
  };
  return countOf(
    Object.values(images).map(({ outcome }) => outcome),
    'image',
  );
}

/** One line on what a deploy did, from its `--json` file. */
export function deployedSummary(file: string): string {
  const { changes } = JSON.parse(readFileSync(file, 'utf8')) as { changes: { kind: string }[] };
  return countOf(
    changes.map(({ kind }) => kind),
    'object',
  );
}

/** For example `7 images: 6 reused, 1 built`. */
function countOf(outcomes: string[], noun: string): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const parts = [...counts].map(([outcome, count]) => `${count} ${outcome}`);
  return [`${outcomes.length} ${noun}${outcomes.length === 1 ? '' : 's'}`, parts.join(', ')]
    .filter(Boolean)
    .join(': ');
}
