import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JsonSyntaxError, readJson, UserError } from '@berth/model';

/** Reads a JSON object. @throws UserError that names the file and the place. */
export function readJsonObject(workspaceRoot: string, file: string): Record<string, unknown> {
  return parseJsonObject(readFileSync(join(workspaceRoot, file), 'utf8'), file);
}

/** Parses a JSON object; `file` is named in errors. @throws UserError */
export function parseJsonObject(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new UserError(`${file}: is no JSON: ${error.message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError(`${file}: must be a JSON object`);
  }
  return value as Record<string, unknown>;
}
