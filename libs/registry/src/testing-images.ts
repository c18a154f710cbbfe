import { createHash } from 'node:crypto';
import { sendToRegistry, type RegistryAnswer, type RegistryRequest } from './send';

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/**
 * Puts images into a registry that lets everyone write, by its API; for tests.
 * @param origin for example `http://localhost:5001`
 */
export class TestImages {
  constructor(private readonly origin: string) {}

  /** An image without layers. @returns its digest */
  async put(repository: string, tag: string, architecture = 'amd64'): Promise<string> {
    const config = JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [] } });
    const digest = sha256(config);
    const upload = await this.#send(`${repository}/blobs/uploads/`, { method: 'POST' });
    const location = new URL(String(upload.headers['location']), this.origin);
    location.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    await this.#send(location.href, { method: 'PUT', headers, body: () => config });
    const mediaType = 'application/vnd.oci.image.config.v1+json';
    return this.#putManifest(repository, tag, {
      mediaType: IMAGE,
      config: { mediaType, digest, size: config.length },
      layers: [],
    });
  }

  /** One name for images of several platforms. @returns the digest of the index */
  async putIndex(repository: string, tag: string, architectures: readonly string[]): Promise<string> {
    const manifests = [];
    for (const architecture of architectures) {
      const digest = await this.put(repository, `${tag}-${architecture}`, architecture);
      const { headers } = await this.#send(`${repository}/manifests/${digest}`, {
        method: 'HEAD',
        headers: { accept: IMAGE },
      });
      manifests.push({
        mediaType: IMAGE,
        digest,
        size: Number(headers['content-length']),
        platform: { os: 'linux', architecture },
      });
    }
    return this.#putManifest(repository, tag, { mediaType: INDEX, manifests });
  }

  async delete(repository: string, digest: string): Promise<void> {
    await this.#send(`${repository}/manifests/${digest}`, { method: 'DELETE' });
  }

  async #putManifest(
    repository: string,
    tag: string,
    content: { mediaType: string } & Record<string, unknown>,
  ): Promise<string> {
    const text = JSON.stringify({ schemaVersion: 2, ...content });
    const headers = { 'content-type': content.mediaType };
    await this.#send(`${repository}/manifests/${tag}`, { method: 'PUT', headers, body: () => text });
    return sha256(text);
  }

  async #send(path: string, init: RegistryRequest): Promise<RegistryAnswer> {
    const url = new URL(path, `${this.origin}/v2/`).href;
    const answer = await sendToRegistry(url, init);
    if (answer.statusCode >= 300)
      throw new Error(`${init.method} ${url}: ${answer.statusCode} ${answer.text}`);
    return answer;
  }
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
