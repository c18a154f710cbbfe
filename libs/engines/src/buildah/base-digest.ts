const FROM = /^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?(\S+)/gim;

/**
 * The digest by which a Dockerfile names the image that its last stage stands on; undefined when that is a stage, or
 * named by a tag.
 * @param args values of its ARGs
 */
export function baseDigest(dockerfile: string, args: Readonly<Record<string, string>>): string | undefined {
  const written = [...dockerfile.matchAll(FROM)].at(-1)?.[1] ?? '';
  const base = written.replace(/^\$(?:\{(\w+)\}|(\w+))$/, (_, braced, bare) => args[braced ?? bare] ?? '');
  return /@(sha256:[0-9a-f]{64})$/.exec(base)?.[1];
}
