/** Digits of a digest that tell images apart. */
const DIGITS = 12;

/** `localhost:5000/berth/web@sha256:0123…` → `sha256:0123456789ab`; a reference without a digest as it is. */
export function shortDigest(reference: string): string {
  const [, digest] = reference.split('@sha256:');
  return digest === undefined ? reference : `sha256:${digest.slice(0, DIGITS)}`;
}
