import { formatPath, type PathStep } from './json-path';

/** JSON that cannot be read: what is wrong and where, both counted from 1. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  constructor(
    readonly what: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`line ${line}, column ${column}: ${what}`);
  }
}

/**
 * Reads JSON text. Unlike JSON.parse it always knows the line and column of a mistake (Node 20 leaves them out for
 * short texts), and refuses an object that has a field twice, of which JSON.parse would silently drop one.
 * @throws JsonSyntaxError
 */
export function readJson(text: string): unknown {
  new Scanner(text).document();
  return JSON.parse(text) as unknown;
}

// eslint-disable-next-line no-control-regex -- JSON allows no control character in a string (RFC 8259, 7)
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

class Scanner {
  private offset = 0;
  private readonly path: PathStep[] = [];

  constructor(private readonly text: string) {}

  document(): void {
    this.value();
    if (this.offset < this.text.length) this.fail('expected the end of the file');
  }

  private value(): void {
    this.match(SPACE);
    const next = this.text[this.offset];
    if (next === '{') this.object();
    else if (next === '[') this.array();
    else if (next === '"') this.string();
    else if (!this.match(NUMBER) && !this.match(WORD)) this.fail('expected a value');
    this.match(SPACE);
  }

  private object(): void {
    const fields = new Set<string>();
    this.offset++;
    this.match(SPACE);
    if (this.take('}')) return;
    do {
      this.match(SPACE);
      const start = this.offset;
      if (this.text[start] !== '"') this.fail('expected a field name in double quotes');
      const field = JSON.parse(this.string()) as string;
      this.path.push(field);
      if (fields.has(field)) this.fail(`the field ${formatPath(this.path)} is there twice`, start);
      fields.add(field);
      this.match(SPACE);
      if (!this.take(':')) this.fail('expected : after the field name');
      this.value();
      this.path.pop();
    } while (this.take(','));
    if (!this.take('}')) this.fail('expected , or }');
  }

  private array(): void {
    this.offset++;
    this.match(SPACE);
    if (this.take(']')) return;
    let index = 0;
    do {
      this.path.push(index++);
      this.value();
      this.path.pop();
    } while (this.take(','));
    if (!this.take(']')) this.fail('expected , or ]');
  }

  private string(): string {
    return (
      this.match(STRING) ?? this.fail('this string does not end, or has a wrong escape or control character')
    );
  }

  private take(character: string): boolean {
    if (this.text[this.offset] !== character) return false;
    this.offset++;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.offset += found.length;
    return found;
  }

  private fail(what: string, offset = this.offset): never {
    const before = this.text.slice(0, offset).split('\n');
    throw new JsonSyntaxError(what, before.length, before[before.length - 1]!.length + 1);
  }
}
