import type { ErrorObject } from 'ajv';
import * as validators from '../compiled/validators.cjs';
import { JsonSyntaxError, readJson } from './json-text';
import { isObject } from './merge-json';
import type { PathStep } from './json-path';
import { nearestName } from './nearest-name';

export type SchemaName = keyof typeof validators;

/** A problem before it is known which file the value came from. */
export interface Finding {
  path: PathStep[];
  message: string;
  hint?: string;
}

/** Reads JSON text and checks it against a schema. */
export function readDocument(text: string, schema: SchemaName): { document?: unknown; findings: Finding[] } {
  try {
    const document = readJson(text);
    return { document, findings: checkDocument(document, schema) };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { findings: [{ path: [], message: `is no JSON: ${error.message}` }] };
  }
}

/** Everything in which a document differs from its schema. */
export function checkDocument(document: unknown, name: SchemaName): Finding[] {
  const validate = validators[name];
  const findings = validate(document) ? [] : (validate.errors ?? []).map(toFinding);
  return [...findings.filter(isFinding), ...checkStrings(document, [])];
}

function isFinding(finding: Finding | undefined): finding is Finding {
  return finding !== undefined;
}

function toFinding(error: ErrorObject): Finding | undefined {
  const path = steps(error);
  const expected = (error.parentSchema as { expected?: string } | undefined)?.expected;
  switch (error.keyword) {
    case 'additionalProperties': {
      const field = String(error.params['additionalProperty']);
      const known = Object.keys(error.parentSchema?.['properties'] ?? {}).filter(
        (name) => !name.startsWith('$'),
      );
      const nearest = nearestName(field, known);
      return {
        path: [...path, field],
        message: `is no field here; known are ${known.join(', ')}`,
        ...(nearest && { hint: `did you mean "${nearest}"?` }),
      };
    }
    case 'required':
      return { path: [...path, String(error.params['missingProperty'])], message: 'is missing' };
    case 'propertyNames':
      return undefined; // Its cause is reported by the keyword that failed on the name.
    case 'enum': {
      const allowed = (error.params['allowedValues'] as string[]).map(String);
      const nearest = typeof error.data === 'string' ? nearestName(error.data, allowed) : undefined;
      return {
        path,
        message: `must be one of ${allowed.join(', ')}, not ${show(error.data)}`,
        ...(nearest && { hint: `did you mean "${nearest}"?` }),
      };
    }
    case 'maxItems': {
      const items = (error.data as unknown[]).length;
      return { path, message: `has ${items} items; at most ${error.params['limit']} are allowed` };
    }
    case 'uniqueItems':
      return {
        path: [...path, Number(error.params['i'])],
        message: `is the same as the item at ${error.params['j']}`,
      };
    case 'type':
      return {
        path,
        message: `must be ${expected ?? article(String(error.params['type']))}, not ${show(error.data)}`,
      };
  }
  if (error.propertyName !== undefined) {
    return {
      path: [...path, error.propertyName],
      message: `is no good name here: must be ${expected ?? error.message}`,
    };
  }
  return {
    path,
    message: `must be ${expected ?? error.message?.replace(/^must /, '')}, not ${show(error.data)}`,
  };
}

function steps(error: ErrorObject): PathStep[] {
  return error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^(0|[1-9][0-9]*)$/.test(step) ? Number(step) : step));
}

function article(types: string): string {
  const phrases: Record<string, string> = {
    object: 'an object',
    array: 'a list',
    string: 'a string',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  return phrases[types] ?? types;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length ? 'a list' : 'an empty list';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** No process takes a zero byte in its arguments or environment, and half a surrogate pair has no UTF-8. */
function checkStrings(value: unknown, path: PathStep[]): Finding[] {
  if (typeof value === 'string') {
    return /\0|\p{Surrogate}/u.test(value)
      ? [{ path, message: 'must be text without zero bytes and without half surrogate pairs' }]
      : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => checkStrings(item, [...path, index]));
  if (isObject(value))
    return Object.entries(value).flatMap(([field, item]) => checkStrings(item, [...path, field]));
  return [];
}
