import { createHash } from 'node:crypto';
import type { ManifestObject } from '@berth/manifests';

/** A short digest of everything that was asked for; the order of fields and of objects takes no part. */
export function setDigest(objects: readonly ManifestObject[]): string {
  return digest(objects.map(canonical).sort().join('\n'));
}

/** A short digest of one object; the order of its fields takes no part. */
export function objectDigest(object: ManifestObject): string {
  return digest(canonical(object));
}

/** 128 bits of SHA-256. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** JSON with sorted keys, so that the order in which a file was written does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([one], [other]) => (one < other ? -1 : 1)))
      : field,
  );
}
