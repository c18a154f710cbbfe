/**
 * These fields of an object, those that it has. Set one after the other: of objects that are spread into each other V8
 * makes a hidden class each, which takes more memory than they do.
 */
export function picked<Whole extends object>(whole: Whole, fields: readonly string[]): Mutable<Whole> {
  const part: Record<string, unknown> = {};
  for (const field of fields) {
    const value = (whole as Record<string, unknown>)[field];
    if (value !== undefined) part[field] = value;
  }
  return part as Mutable<Whole>;
}

export type Mutable<Value> = { -readonly [Field in keyof Value]: Value[Field] };
