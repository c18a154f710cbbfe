import { NAME_LABEL, type ManifestObject } from '@berth/manifests';

/** The service that an object belongs to; empty for what belongs to all. */
export function serviceOf({ metadata }: Pick<ManifestObject, 'metadata'>): string {
  return metadata.labels?.[NAME_LABEL] ?? '';
}
