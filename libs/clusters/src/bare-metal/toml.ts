type TomlValue = string | number | boolean | readonly string[] | TomlTable;
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** Writes a table as TOML 1.0: the values first, then a section for each table within. */
export function toToml(table: TomlTable, path: readonly string[] = []): string {
  const values = Object.entries(table).filter(([, value]) => !isTable(value));
  const tables = Object.entries(table).filter((entry): entry is [string, TomlTable] => isTable(entry[1]));
  // JSON's strings, numbers, booleans and arrays of strings are valid TOML.
  const lines = values.map(([key, value]) => `${keyOf(key)} = ${JSON.stringify(value)}\n`).join('');
  const header = path.length > 0 && lines !== '' ? `\n[${path.map(keyOf).join('.')}]\n` : '';
  return header + lines + tables.map(([key, inner]) => toToml(inner, [...path, key])).join('');
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value);
}

function keyOf(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}
