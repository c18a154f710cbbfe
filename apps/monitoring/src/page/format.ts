const relative = new Intl.RelativeTimeFormat('en', { style: 'short' });
const units = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', Infinity],
] as const;

/** For example `5 min. ago` or `in 2 days`. @param now milliseconds since 1970 */
export function fromNow(time: string, now: number): string {
  let value = (Date.parse(time) - now) / 1000;
  if (Number.isNaN(value)) return 'at no known time';
  for (const [unit, size] of units) {
    if (Math.abs(value) < size) return relative.format(Math.trunc(value), unit);
    value /= size;
  }
  return '';
}

/** In the reader's time zone, for example `14:03:59`. */
export function clockTime(time: number | string): string {
  return new Date(time).toLocaleTimeString('en-GB');
}

/** `localhost:5000/berth/web@sha256:0123…` → `web` and the first digits of the digest. */
export function shortImage(image: string): { name: string; digest: string | undefined } {
  const [, name = image, digest] =
    /([^/@:]+)(?::[^/@]*)?(?:@sha256:([0-9a-f]{8})[0-9a-f]*)?$/.exec(image) ?? [];
  return { name, digest };
}
