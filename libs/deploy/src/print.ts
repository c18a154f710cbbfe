import { nameOf, type Change, type FieldDifference } from './change';

const marks: Record<Change['action'], string> = {
  create: '+',
  change: '~',
  recreate: '!',
  prune: '-',
  same: ' ',
};
const internal = /^metadata\.annotations\.berth\.dev\/spec-hash$/;

/** A plan as lines of text: one for each object that changes, and below it one for each field. */
export function planLines(changes: readonly Change[]): string[] {
  const lines = changes
    .filter(({ action }) => action !== 'same')
    .flatMap(({ action, object, fields, reason, warnings = [] }) => [
      `${marks[action]} ${action} ${nameOf(object)}${reason ? ` (${reason})` : ''}`,
      ...warnings.map((warning) => `    warning: ${warning}`),
      ...fields.filter(({ path }) => !internal.test(path)).map(fieldLine),
    ]);
  return lines.length > 0 ? lines : ['nothing to change'];
}

/** `2 to create, 1 to change, 9 the same`. */
export function planSummary(changes: readonly Change[]): string {
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  const parts = (['create', 'change', 'recreate', 'prune'] as const)
    .filter((action) => count(action) > 0)
    .map((action) => `${count(action)} to ${action}`);
  return [...parts, `${count('same')} the same`].join(', ');
}

function fieldLine({ path, before, after }: FieldDifference): string {
  if (before === undefined) return `    ${path}: + ${text(after)}`;
  if (after === undefined) return `    ${path}: - ${text(before)}`;
  return `    ${path}: ${text(before)} → ${text(after)}`;
}

const longest = 160;

function text(value: unknown): string {
  const json = typeof value === 'string' ? value : JSON.stringify(value);
  return json.length > longest ? `${json.slice(0, longest)}…` : json;
}
