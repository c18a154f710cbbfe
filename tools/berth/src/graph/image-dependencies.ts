/** The projects that an image.json names: its bases and its builder. */
export function imageDependencies(content: Record<string, unknown>): string[] {
  const { bases, builder } = content as { bases?: Record<string, unknown>; builder?: { image?: unknown } };
  return [...Object.values(bases ?? {}), builder?.image].filter(
    (name): name is string => typeof name === 'string',
  );
}
