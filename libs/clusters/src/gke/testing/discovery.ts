import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

/** For tests: the description that Google publishes of an API, as far as requests are checked by it. */
export interface ApiDescription {
  servicePath: string;
  parameters: Record<string, Parameter>;
  schemas: Record<string, Schema>;
  resources?: Record<string, Resource>;
}

interface Resource {
  methods?: Record<string, Method>;
  resources?: Record<string, Resource>;
}

export interface Method {
  id: string;
  httpMethod: string;
  flatPath?: string;
  path: string;
  parameters?: Record<string, Parameter>;
  request?: { $ref: string };
}

interface Parameter {
  location?: 'path' | 'query';
  required?: boolean;
  enum?: string[];
}

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
}

/** Of Google's Go module, which has them all: go.mod pins its version, go.sum its content. */
export async function readDescriptions<Name extends string>(
  files: Readonly<Record<Name, string>>,
): Promise<Record<Name, ApiDescription>> {
  const module = join(__dirname, '../modules/google-apis');
  const argv = ['go', 'mod', 'download', '-json', 'google.golang.org/api'];
  const { stdout } = await new ProcessRunner().run(argv, { cwd: module, timeoutMs: 300_000 });
  const { Dir: folder } = JSON.parse(stdout) as { Dir: string };
  return Object.fromEntries(
    Object.entries<string>(files).map(([name, file]) => [
      name,
      JSON.parse(readFileSync(join(folder, file), 'utf8')),
    ]),
  ) as Record<Name, ApiDescription>;
}

export interface ApiRequest {
  method: string;
  /** Without the part that stands for the API. */
  path: string;
  query: URLSearchParams;
  body: unknown;
}

/** The method that a request means, and everything in which it differs from the description. */
export function checkRequest(
  api: ApiDescription,
  { method, path, query, body }: ApiRequest,
): { id?: string; problems: string[] } {
  const found = methodsOf(api).find(
    (candidate) => candidate.httpMethod === method && pathPattern(api, candidate).test(path),
  );
  if (!found) return { problems: [`${method} ${path} is no method of the API`] };
  const known = { ...api.parameters, ...found.parameters };
  const problems = [...query].flatMap(([name, value]) => {
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!parameter || parameter.location === 'path') return [`${found.id} has no parameter ${name}`];
    if (parameter.enum && !parameter.enum.includes(value)) return [`${name}: ${value} is none of its values`];
    return [];
  });
  for (const [name, { required, location }] of Object.entries(found.parameters ?? {}))
    if (required && location === 'query' && !query.has(name)) problems.push(`${name} is missing`);
  if (found.request)
    problems.push(...differences(api, { $ref: found.request.$ref }, body, found.request.$ref));
  else if (body !== undefined && JSON.stringify(body) !== '{}') problems.push(`${found.id} takes no body`);
  return { id: found.id, problems };
}

function methodsOf({ resources = {} }: Pick<ApiDescription, 'resources'>): Method[] {
  return Object.values(resources).flatMap((resource) => [
    ...Object.values(resource.methods ?? {}),
    ...methodsOf(resource),
  ]);
}

function pathPattern({ servicePath }: ApiDescription, { flatPath, path }: Method): RegExp {
  const parts = `/${servicePath}${flatPath ?? path}`.split(/(\{[^}]+\})/);
  return new RegExp(
    `^${parts.map((part) => (part.startsWith('{') ? (part.startsWith('{+') ? '.+' : '[^/:]+') : escaped(part))).join('')}$`,
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** As JSON of the proto3 kind: 64-bit numbers are strings, https://developers.google.com/discovery/v1/type-format */
function differences(api: ApiDescription, schema: Schema, value: unknown, path: string): string[] {
  if (value === undefined || value === null) return [];
  const { $ref } = schema;
  const meant = $ref === undefined ? schema : api.schemas[$ref];
  if (!meant) return [`${path}: no schema ${$ref}`];
  switch (meant.type) {
    case 'object':
      if (typeof value !== 'object' || Array.isArray(value)) return [`${path} must be an object`];
      return Object.entries(value).flatMap(([name, item]) => {
        const of = meant.properties?.[name] ?? meant.additionalProperties;
        return of ? differences(api, of, item, `${path}.${name}`) : [`${path} has no field ${name}`];
      });
    case 'array':
      if (!Array.isArray(value)) return [`${path} must be a list`];
      return value.flatMap((item, index) => differences(api, meant.items ?? {}, item, `${path}[${index}]`));
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path} must be a whole number`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path} must be true or false`];
    case 'string':
      if (meant.enum && !meant.enum.includes(String(value)))
        return [`${path}: ${value} is none of its values`];
      return typeof value === 'string' ? [] : [`${path} must be a string`];
    default:
      return [];
  }
}
