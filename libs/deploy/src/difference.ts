import type { FieldDifference } from './change';

type Fields = Record<string, unknown>;

/**
 * Fields of `desired` that `live` does not have, or has with another value. What only `live` has (defaults, other
 * managers' fields, status) is no difference. Elements of a list are matched by their name (`name` or `Name`) where all
 * have one.
 */
export function missingFrom(live: unknown, desired: unknown): FieldDifference[] {
  return compare(live, desired, '', false);
}

/** Every field that differs between two states of an object, other than what the server counts up by itself. */
export function differences(before: unknown, after: unknown): FieldDifference[] {
  return compare(before, after, '', true).filter(
    ({ path }) => !counted.some((pattern) => pattern.test(path)),
  );
}

const counted = [
  /^status\b/,
  /^metadata\.(managedFields|resourceVersion|generation|uid|creationTimestamp)\b/,
  /^metadata\.annotations\.deployment\.kubernetes\.io\/revision$/,
];

function compare(before: unknown, after: unknown, path: string, both: boolean): FieldDifference[] {
  if (isFields(before) && isFields(after)) {
    const names = both ? new Set([...Object.keys(before), ...Object.keys(after)]) : Object.keys(after);
    return [...names].flatMap((name) =>
      compare(before[name], after[name], path ? `${path}.${name}` : name, both),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path, both);
  if (sameLeaf(before, after)) return [];
  return [{ path, before, after }];
}

function compareLists(before: unknown[], after: unknown[], path: string, both: boolean): FieldDifference[] {
  if (isNamed(before) && isNamed(after)) {
    const old = new Map(before.map((element) => [nameIn(element), element]));
    const names = new Set(after.map(nameIn));
    const kept = after.flatMap((element) =>
      compare(old.get(nameIn(element)), element, `${path}[${nameIn(element)}]`, both),
    );
    const gone = both ? before.filter((element) => !names.has(nameIn(element))) : [];
    return [
      ...kept,
      ...gone.map((element) => ({ path: `${path}[${nameIn(element)}]`, before: element, after: undefined })),
    ];
  }
  if (before.length !== after.length) return [{ path, before, after }];
  return after.flatMap((element, index) => compare(before[index], element, `${path}[${index}]`, both));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(list: unknown[]): list is Fields[] {
  return list.every((element) => isFields(element) && typeof nameIn(element) === 'string');
}

/** Kubernetes writes fields small, CloudFormation large. */
function nameIn({ name, Name }: Fields): unknown {
  return name ?? Name;
}

/** An absent field and an empty one are the same to the API server, which drops empty ones. */
function sameLeaf(before: unknown, after: unknown): boolean {
  return before === after || (isEmpty(before) && isEmpty(after));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
