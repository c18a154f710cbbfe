const milliseconds = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of a duration like `3d` (s, m, h, d, w), as `ttl` has it; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const [, number, unit] = /^([1-9][0-9]{0,5})([smhdw])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(number) * milliseconds[unit as keyof typeof milliseconds];
}
