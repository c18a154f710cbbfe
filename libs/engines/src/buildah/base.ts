import { parseReference, withDigest } from '@berth/registry';

const FROM = /^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?(\S+)/gim;

/** An image that a Dockerfile names by its digest. */
export interface Base {
  /** As the Dockerfile has it. */
  reference: string;
  /** Its name in a store: with the registry, and without the tag. */
  name: string;
  digest: string;
}

/**
 * The image that a Dockerfile's last stage stands on; undefined when that is a stage, or named by a tag.
 * @param args values of its ARGs
 */
export function baseOf(dockerfile: string, args: Readonly<Record<string, string>>): Base | undefined {
  const written = [...dockerfile.matchAll(FROM)].at(-1)?.[1] ?? '';
  const reference = written.replace(
    /^\$(?:\{(\w+)\}|(\w+))$/,
    (_, braced, bare) => args[braced ?? bare] ?? '',
  );
  if (!/@sha256:[0-9a-f]{64}$/.test(reference)) return undefined;
  const { registry, repository, digest = '' } = parseReference(reference);
  return { reference, name: withDigest(`${registry}/${repository}`, digest), digest };
}
