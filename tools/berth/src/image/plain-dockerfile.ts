import type { DockerfileInput, OutsideImage } from './dockerfile';

/** An image by its name, or one ARG alone; then the name of the stage. */
const plainFrom =
  /^[ \t]*FROM[ \t]+(?:([\w./:@-]+)|\$(?:(\w+)|\{(\w+)\}))(?:[ \t]+AS[ \t]+([\w.-]+))?[ \t]*$/i;
const plainArg = /^[ \t]*ARG[ \t]+(\w+)(?:=[\w./:@-]*)?[ \t]*$/i;
const plainCopy = /^[ \t]*COPY[ \t]+--from=([\w.-]+)[ \t](?!.*--(?:from|mount)\b)/i;

/** Whatever may begin with FROM, or name an image otherwise. */
const mayName = /^[ \t]*FROM|--(?:from|mount)\b/i;
const comment = /^[ \t]*#/;
const continued = /\\[ \t]*$/;
/** Here documents may hold such lines, and another escape character continues others. */
const unusual = /<<|^\uFEFF|^[ \t]*#[ \t]*escape[ \t]*=/im;

/**
 * What `outsideImages` says, of a Dockerfile as most are: each FROM, on a line of its own, names an image, a stage or a
 * base of the workspace, and files are copied from stages alone.
 * @returns undefined of any other Dockerfile
 */
export function plainOutsideImages({ text, image }: DockerfileInput): OutsideImage[] | undefined {
  if (unusual.test(text)) return undefined;
  const found: OutsideImage[] = [];
  const stages = new Set<string>();
  /** Those before the first FROM, which alone FROM knows. */
  const args = new Set<string>();
  let isStaged = false;
  let isContinued = false;
  let offset = 0;
  for (const [index, part] of text.split(/(\r\n|\r|\n)/).entries()) {
    const start = offset;
    offset += part.length;
    // Every second part is the end of a line.
    if (index % 2 === 1 || part.trim() === '' || comment.test(part)) continue;
    const isAlone = !isContinued && !continued.test(part);
    isContinued = continued.test(part);
    const arg = isAlone && !isStaged ? plainArg.exec(part)?.[1] : undefined;
    if (arg !== undefined) args.add(arg);
    if (!mayName.test(part)) continue;
    if (!isAlone) return undefined;
    const source = plainCopy.exec(part)?.[1];
    if (source !== undefined && isStage(source, stages)) continue;
    const [, reference, bare, braced = bare, stage] = plainFrom.exec(part) ?? [];
    isStaged = true;
    if (braced !== undefined) {
      if (!Object.hasOwn(image.bases, braced) || !args.has(braced)) return undefined;
    } else if (reference === undefined) return undefined;
    else if (isOutside(reference, stages)) {
      const from = start + part.indexOf(reference, part.search(/FROM/i) + 'FROM'.length);
      found.push({ reference, line: index / 2 + 1, from, to: from + reference.length });
    }
    if (stage !== undefined) stages.add(stage.toLowerCase());
  }
  return found;
}

/** By its name or its number. */
function isStage(source: string, stages: ReadonlySet<string>): boolean {
  return /^\d+$/.test(source) || stages.has(source.toLowerCase());
}

function isOutside(reference: string, stages: ReadonlySet<string>): boolean {
  return reference !== 'scratch' && !reference.includes('@') && !stages.has(reference.toLowerCase());
}
