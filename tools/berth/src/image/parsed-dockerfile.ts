import {
  DockerfileParser,
  ModifiableInstruction,
  type Arg,
  type Dockerfile,
  type From,
} from 'dockerfile-ast';
import { UserError } from '@berth/model';
import type { DockerfileInput, OutsideImage } from './dockerfile';

/** What a base of the workspace is taken for while ARGs are filled in: no reference has a space in it. */
const ofWorkspace = 'an image of the workspace';

/** What `outsideImages` says, of any Dockerfile. @throws UserError when it cannot be said which image is meant */
export function parsedOutsideImages({ text, file, image, platforms }: DockerfileInput): OutsideImage[] {
  const dockerfile = parsed(text);
  const offset = offsets(text);
  const stages = new Set<string>();
  const found: OutsideImage[] = [];
  const add = (reference: string, { start, end }: NonNullable<ReturnType<From['getImageRange']>>) => {
    if (reference.includes('@')) return;
    found.push({ reference, line: start.line + 1, from: offset(start), to: offset(end) });
  };
  const values = platforms.map((platform) => argumentsOf(dockerfile.getInitialARGs(), image, platform));
  for (const instruction of dockerfile.getFROMs()) {
    const written = instruction.getImage();
    const range = instruction.getImageRange();
    if (written === null || range === null) continue; // The engine says that FROM names nothing.
    const place = `${file}:${range.start.line + 1}`;
    const outside = new Set(
      values
        .map((each) => filledIn(written, each, place))
        .filter((name) => !isInside(name, stages) && !name.includes(ofWorkspace)),
    );
    const [reference, ...others] = outside;
    if (others.length > 0) throw severalImages(place, [...outside]);
    if (reference !== undefined) add(reference, range);
    const stage = instruction.getBuildStage();
    if (stage !== null) stages.add(stage.toLowerCase());
  }
  for (const instruction of dockerfile.getInstructions()) {
    if (!(instruction instanceof ModifiableInstruction)) continue;
    for (const flag of instruction.getFlags()) {
      const named =
        flag.getName() === 'from' ? flag : flag.getName() === 'mount' ? flag.getOption('from') : null;
      const [reference, range] = [named?.getValue(), named?.getValueRange()];
      // ARGs are not filled in here, and a number is a stage.
      if (!reference || !range || /^\d+$/.test(reference) || isInside(reference, stages)) continue;
      add(reference, range);
    }
  }
  return found;
}

/** Nx reads a Dockerfile for the project graph, and once more for the hash of a task. */
const known = new Map<string, Dockerfile>();

function parsed(text: string): Dockerfile {
  const dockerfile = known.get(text) ?? DockerfileParser.parse(text);
  known.set(text, dockerfile);
  return dockerfile;
}

function isInside(name: string, stages: ReadonlySet<string>): boolean {
  return name === 'scratch' || stages.has(name.toLowerCase());
}

/** The ARGs before the first FROM, which alone FROM knows. */
function argumentsOf(
  initial: readonly Arg[],
  { args, bases }: DockerfileInput['image'],
  platform: string,
): ReadonlyMap<string, string | undefined> {
  const values = new Map<string, string | undefined>(Object.entries(platformArguments(platform)));
  for (const arg of initial) {
    const property = arg.getProperty();
    if (!property) continue;
    const name = property.getName();
    const standard = property.getValue();
    if (Object.hasOwn(bases, name)) values.set(name, ofWorkspace);
    else if (Object.hasOwn(args, name)) values.set(name, args[name]);
    else if (standard !== null) values.set(name, expanded(standard, values));
    else if (!values.has(name)) values.set(name, undefined);
  }
  return values;
}

/** What engines set by themselves; https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
function platformArguments(platform: string): Record<string, string> {
  const [os = '', architecture = '', variant = ''] = platform.split('/');
  return {
    TARGETPLATFORM: platform,
    TARGETOS: os,
    TARGETARCH: architecture,
    TARGETVARIANT: variant,
  };
}

const variable = /\$(?:\{(\w+)(?:(:?[-+])([^}]*))?\}|(\w+))/g;

/** Undefined when one of the variables has no value. */
function expanded(text: string, values: ReadonlyMap<string, string | undefined>): string | undefined {
  let complete = true;
  const result = text.replace(variable, (_, braced: string, operator: string, word: string, bare: string) => {
    const value = values.get(braced ?? bare) || undefined;
    if (operator?.endsWith('+')) return value === undefined ? '' : word;
    if (value === undefined && operator === undefined) complete = false;
    return value ?? word ?? '';
  });
  return complete ? result : undefined;
}

function filledIn(written: string, values: ReadonlyMap<string, string | undefined>, place: string): string {
  const name = expanded(written, values);
  if (name) return name;
  const missing = [...written.matchAll(variable)]
    .map(([, braced, , , bare]) => braced ?? bare ?? '')
    .filter((each) => !values.get(each));
  throw new UserError(
    `${place}: FROM ${written}: ${missing.join(', ')} has no value.`,
    'Give it a default by an ARG before the first FROM, or a value under "bases" or "args" in image.json.',
  );
}

function severalImages(place: string, references: readonly string[]): UserError {
  return new UserError(
    `${place}: FROM is another image on each platform: ${references.join(', ')}. One digest cannot pin them.`,
    'Write one stage for each (FROM … AS base-amd64), and FROM base-${TARGETARCH}.',
  );
}

/** Offset in the text by line and character, both counted from 0. */
function offsets(text: string): (position: { line: number; character: number }) => number {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)];
  return ({ line, character }) => (starts[line] ?? text.length) + character;
}
