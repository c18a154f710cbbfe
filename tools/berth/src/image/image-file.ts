import { JsonSyntaxError, nearestName, readJson, UserError } from '@berth/model';

/** An image.json, with every default filled in: how a project's image is made beyond its Dockerfile. */
export interface ImageFile {
  /** By ARG of the Dockerfile, the project whose image it stands on. */
  bases: Readonly<Record<string, string>>;
  /** A program that is run in the project's folder before the build; `{project}` is that folder's absolute path. */
  prepare?: readonly string[];
  /** Compiles in a container that has all the tools, with the workspace mounted. */
  builder?: Builder;
  /** Nx target that is run first, usually `build`: it leaves its result in dist/. */
  target?: string;
  /** Further ARGs of the Dockerfile. */
  args: Readonly<Record<string, string>>;
  test: {
    /** Run in the image, read-only, as its user; its exit code must be 0. */
    command?: readonly string[];
    /** Whether the health of service.json is asked; true when the file says nothing. */
    health: boolean;
    /**
     * The service's own tests: a program of this machine, run in the project's folder while the container runs. It
     * finds the container's ports in `ADDRESS_<PORT>`, as `host:port`; its exit code must be 0.
     */
    client?: readonly string[];
  };
}

export interface Builder {
  /** The docker project whose image it runs in. */
  image: string;
  command: readonly string[];
  /** The folder that it fills, relative to the project; `dist` when the file says nothing. */
  output: string;
}

type Check = (value: unknown, path: string) => string[];

/**
 * Reads the text of an image.json.
 * @param file its path, relative to the workspace, for errors
 * @throws UserError with every problem
 */
export function parseImageFile(text: string, file: string): ImageFile {
  let document: unknown;
  try {
    document = readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new UserError(`${file}: is no JSON: ${error.message}`);
  }
  const problems = checkDocument(document, '');
  if (problems.length > 0) throw new UserError(problems.map((problem) => `${file}${problem}`).join('\n'));
  const written = document as Partial<Omit<ImageFile, 'test' | 'builder'>> & {
    builder?: Partial<Builder> & Pick<Builder, 'image' | 'command'>;
    test?: Partial<ImageFile['test']>;
  };
  return {
    bases: written.bases ?? {},
    args: written.args ?? {},
    ...(written.prepare && { prepare: written.prepare }),
    ...(written.target && { target: written.target }),
    ...(written.builder && { builder: { output: 'dist', ...written.builder } }),
    test: { health: true, ...written.test },
  };
}

/** What a project without an image.json has: a Dockerfile and nothing else. */
export const plainImage: ImageFile = { bases: {}, args: {}, test: { health: true } };

const text: Check = (value, path) =>
  typeof value === 'string' && value !== '' && !value.includes('\0')
    ? []
    : [problem(path, 'must be a text that is not empty')];

const flag: Check = (value, path) =>
  typeof value === 'boolean' ? [] : [problem(path, 'must be true or false')];

/** A build argument may be empty. */
const anyText: Check = (value, path) =>
  typeof value === 'string' && !value.includes('\0')
    ? []
    : [problem(path, 'must be a text without zero bytes')];

const argv: Check = (value, path) =>
  Array.isArray(value) && value.length > 0
    ? value.flatMap((item, index) => (index === 0 ? text : anyText)(item, `${path}[${index}]`))
    : [problem(path, 'must be a list of a program and its arguments')];

const folder: Check = (value, path) =>
  typeof value === 'string' && /^(?!\.{1,2}(\/|$))[^/]+(\/(?!\.{1,2}(\/|$))[^/]+)*$/.test(value)
    ? []
    : [problem(path, 'must be a folder inside the project, relative to it, for example dist')];

const byArgument =
  (check: Check): Check =>
  (value, path) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, item]) =>
          /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
            ? check(item, `${path}.${name}`)
            : [
                problem(
                  `${path}[${JSON.stringify(name)}]`,
                  'is no name of an ARG: letters, digits and _ only',
                ),
              ],
        )
      : [problem(path, 'must be an object from the names of ARGs')];

const fields =
  (known: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value, path) => {
    if (!isObject(value)) return [problem(path, 'must be an object')];
    const at = (field: string) => (path ? `${path}.${field}` : field);
    return [
      ...required.filter((field) => !(field in value)).map((field) => problem(at(field), 'is missing')),
      ...Object.entries(value).flatMap(([field, item]) => {
        const check = Object.hasOwn(known, field) ? known[field] : undefined;
        if (check) return check(item, at(field));
        if (field === '$schema') return [];
        const nearest = nearestName(field, Object.keys(known));
        const meant = nearest ? ` (did you mean "${nearest}"?)` : '';
        return [problem(at(field), `is no field here; known are ${Object.keys(known).join(', ')}${meant}`)];
      }),
    ];
  };

const checkDocument = fields({
  bases: byArgument(text),
  prepare: argv,
  builder: fields({ image: text, command: argv, output: folder }, ['image', 'command']),
  target: text,
  args: byArgument(anyText),
  test: fields({ command: argv, health: flag, client: argv }),
});

function problem(path: string, message: string): string {
  return `${path ? ` at ${path}` : ''}: ${message}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
