import type { ImageReader } from '@berth/registry';

/** The registry of the local cluster, for tests. */
export const REGISTRY = 'localhost:5000';

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export interface StoredManifest {
  digest: string;
  /** Of an index: `os/arch` of its images. */
  platforms: string[];
}

/** What a registry that speaks plain http has for a reference with a tag. */
export async function storedManifest(reference: string): Promise<StoredManifest | undefined> {
  const [, host, repository, tag] = /^([^/]+)\/(.*):([^:]*)$/.exec(reference) ?? [];
  const response = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { headers: { accept } });
  if (!response.ok) return undefined;
  const { manifests = [] } = (await response.json()) as {
    manifests?: { platform: { os: string; architecture: string } }[];
  };
  return {
    digest: response.headers.get('docker-content-digest') ?? '',
    platforms: manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`).sort(),
  };
}

/** A registry of which nobody asks what it has. */
export const unasked: ImageReader = { contentOf: async () => [], hasBlob: async () => false };
