/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

/**
 * `base` with `override` laid over it, as RFC 7386 (JSON merge patch) says: objects are merged field by field, `null`
 * takes a field away, everything else (arrays too) replaces what was there. Neither argument is changed.
 */
export function mergeJson(base: unknown, override: unknown): unknown {
  if (!isObject(override)) return override;
  const start = isObject(base) ? base : {};
  const kept = Object.entries(start).filter(([field]) => !Object.hasOwn(override, field));
  const laid = Object.entries(override)
    .filter(([, value]) => value !== null)
    .map(([field, value]) => [
      field,
      mergeJson(Object.hasOwn(start, field) ? start[field] : undefined, value),
    ]);
  // Object.fromEntries defines fields, so that one named __proto__ stays a field.
  return Object.fromEntries([...kept, ...laid] as [string, unknown][]);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
