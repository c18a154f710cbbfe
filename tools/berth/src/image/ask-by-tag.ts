import type { Registry } from '@berth/registry';
import type { BerthOptions } from '../options';
import type { ImageResult } from './image-result';
import { referenceOf } from './image-reference';

/** What a registry says of tags that are known before anything is planned. */
export interface AskedByTag {
  /** By project: what need not be planned, because the registry has it or could not be asked for it. */
  answers: ReadonlyMap<string, ImageResult>;
  /** References that it lacks. */
  lacking: ReadonlySet<string>;
  milliseconds: number;
}

export const nothingAsked: AskedByTag = { answers: new Map(), lacking: new Set(), milliseconds: 0 };

/**
 * Asks a registry for the images of these projects, all at once.
 * @param tags input hashes by project; what has none is not asked for
 */
export async function askByTag(
  projects: readonly string[],
  tags: ReadonlyMap<string, string>,
  options: Pick<BerthOptions, 'registry'>,
  registry: Registry,
): Promise<AskedByTag> {
  const answers = new Map<string, ImageResult>();
  const lacking = new Set<string>();
  const ask = async (project: string) => {
    const tag = tags.get(project);
    if (tag === undefined) return;
    const reference = referenceOf(project, tag, options);
    const known = { project, reference, tag, milliseconds: 0 };
    try {
      const digest = await registry.digestOf(reference);
      if (digest === undefined) lacking.add(reference);
      else answers.set(project, { ...known, digest, outcome: 'reused' });
    } catch (error) {
      answers.set(project, { ...known, outcome: 'failed', failure: error as Error });
    }
  };
  const started = performance.now();
  await Promise.all(projects.map(ask));
  return { answers, lacking, milliseconds: performance.now() - started };
}

/** Those that the registry could not be asked for. */
export function unanswered({ answers }: AskedByTag): string[] {
  return [...answers.values()].flatMap(({ project, outcome }) => (outcome === 'failed' ? [project] : []));
}
