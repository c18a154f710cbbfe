import { readNxJson, type Tree } from '@nx/devkit';
import { parseService, UserError } from '@berth/model';
import type { Registry } from '@berth/registry';
import { openRegistry } from '../../image/open-registry';
import { baseImagesFile, readBaseImages } from '../../image/base-images';
import { outsideImages, type Digests } from '../../image/dockerfile';
import { parseImageFile, plainImage } from '../../image/image-file';
import { dockerfileOf, platformsOf } from '../../image/plan';
import { readOptions } from '../../options';
import { filesOfTree } from '../../workspace/files';
import { projectsOfTree } from '../../workspace/projects';
import { withHints } from '../user-errors';

export interface BaseImagesSchema {
  missing?: boolean;
}

/** Asks the registries for the digests of all images from outside the workspace, and writes the lock file. */
export default function baseImagesGenerator(tree: Tree, options: BaseImagesSchema): Promise<void> {
  return withHints(async () => {
    const registry = openRegistry(readOptions(readNxJson(tree)), console.log);
    try {
      await writeBaseImages(tree, options, registry, console.log);
    } finally {
      registry.close();
    }
  });
}

/** @throws UserError with every problem; then nothing is written */
export async function writeBaseImages(
  tree: Tree,
  { missing = false }: BaseImagesSchema,
  registry: Registry,
  print: (line: string) => void,
): Promise<void> {
  const problems: UserError[] = [];
  const collect = (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    problems.push(error);
  };
  const mentioned = await mentionedImages(tree, collect);
  const before = readBaseImages(filesOfTree(tree));
  const found = await Promise.all(
    [...mentioned].map(async ([reference, place]) => {
      try {
        const known = missing ? before[reference] : undefined;
        return [reference, known ?? (await lookUp(reference, place, registry))] as const;
      } catch (error) {
        collect(error);
        return [reference, ''] as const;
      }
    }),
  );
  if (problems.length > 0) throw together(problems);
  const after: Digests = Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  for (const line of differences(before, after)) print(line);
  if (found.length > 0) tree.write(baseImagesFile, `${JSON.stringify(after, null, 2)}\n`);
  else if (tree.exists(baseImagesFile)) tree.delete(baseImagesFile);
}

/** By image from outside, the first place that names it. */
async function mentionedImages(tree: Tree, collect: (error: unknown) => void): Promise<Map<string, string>> {
  const files = filesOfTree(tree);
  const platforms = platformsOf(readOptions(readNxJson(tree)));
  const mentioned = new Map<string, string>();
  for (const [project, { root }] of Object.entries(projectsOfTree(tree))) {
    const text = files.read(`${root}/Dockerfile`);
    const service = files.read(`${root}/service.json`);
    const image = files.read(`${root}/image.json`);
    if (text === undefined || (service ?? image) === undefined) continue;
    try {
      if (service !== undefined && parseService(service, `${root}/service.json`, project).image) continue;
      const parsed = image === undefined ? plainImage : parseImageFile(image, `${root}/image.json`);
      const dockerfile = dockerfileOf({ root, image: parsed, platforms }, text);
      for (const { reference, line } of await outsideImages(dockerfile)) {
        if (!mentioned.has(reference)) mentioned.set(reference, `${dockerfile.file}:${line}`);
      }
    } catch (error) {
      collect(error);
    }
  }
  return mentioned;
}

async function lookUp(reference: string, place: string, registry: Registry): Promise<string> {
  const digest = await registry.digestOf(reference).catch((error: unknown) => {
    throw error instanceof UserError ? new UserError(`${place}: ${error.message}`, error.hint) : error;
  });
  if (digest !== undefined) return digest;
  throw new UserError(
    `${place}: there is no image ${reference} in its registry.`,
    'See whether name and tag are right; a private image needs a docker login.',
  );
}

function differences(before: Digests, after: Digests): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const lines = names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (old === now) return [];
    if (now === undefined) return [`- ${name}: no Dockerfile names it any more`];
    return [old === undefined ? `+ ${name}  ${now}` : `~ ${name}  ${old} → ${now}`];
  });
  if (lines.length > 0) return lines;
  return [
    names.length > 0
      ? `${baseImagesFile} is current: ${names.length} images from outside.`
      : 'No Dockerfile of the workspace names an image from outside.',
  ];
}

function together(problems: readonly UserError[]): UserError {
  const hints = new Set(problems.flatMap(({ hint }) => hint ?? []));
  return new UserError(problems.map(({ message }) => message).join('\n'), [...hints].join('\n') || undefined);
}
