import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { UserError } from '@berth/model';
// Not Node's own fetch: once this package is loaded anywhere in the process, Node's fetch sends through it, and the two
// versions do not agree on a stream whose length is known.
import { request, type Dispatcher } from 'undici';
import { sha256OfFile } from '../programs/checksums';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
/** Of the manifest: what the image was made from, so that a registry can be asked whether it has just that. */
const CONTENT_ANNOTATION = 'berth.dev/content';

/** An image of one layer. */
export interface LayerImage {
  /** `<registry>/<name>:<tag>`; the registry speaks plain http. */
  reference: string;
  /** Key of what it is made from. */
  content: string;
  architecture: string;
  entrypoint?: readonly string[];
  user?: string;
}

/** Whether the registry has the image under its tag, made from the same content. */
export async function isPushed({ reference, content }: LayerImage): Promise<boolean> {
  const { base, tag } = split(reference);
  const { statusCode, body } = await request(`${base}/manifests/${tag}`, {
    headers: { accept: MANIFEST_TYPE },
  });
  if (statusCode !== 200) {
    await body.dump();
    return false;
  }
  const manifest = (await body.json()) as { annotations?: Record<string, string> };
  return manifest.annotations?.[CONTENT_ANNOTATION] === content;
}

/**
 * Pushes an image whose one layer is a tar file: by the registry's protocol, since no engine is needed to make it.
 * The layer stays uncompressed: registry and cluster are on one machine.
 */
export async function pushImage(image: LayerImage, layerFile: string): Promise<void> {
  const { base, tag } = split(image.reference);
  const layer = { digest: `sha256:${await sha256OfFile(layerFile)}`, size: statSync(layerFile).size };
  await putBlob(base, layer.digest, layer.size, () => createReadStream(layerFile));
  const config = Buffer.from(
    JSON.stringify({
      architecture: image.architecture,
      os: 'linux',
      config: {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
        ...(image.entrypoint ? { Entrypoint: image.entrypoint } : {}),
        ...(image.user ? { User: image.user } : {}),
      },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  const configDigest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
  await putBlob(base, configDigest, config.length, () => config);
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: configDigest,
      size: config.length,
    },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
    annotations: { [CONTENT_ANNOTATION]: image.content },
  };
  await send(`${base}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'content-type': MANIFEST_TYPE },
    body: JSON.stringify(manifest),
  });
}

async function putBlob(
  base: string,
  digest: string,
  size: number,
  body: () => Readable | Buffer,
): Promise<void> {
  const head = await request(`${base}/blobs/${digest}`, { method: 'HEAD' });
  await head.body.dump();
  if (head.statusCode === 200) return;
  const started = await send(`${base}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(String(started.headers['location'] ?? ''), `${base}/`);
  location.searchParams.set('digest', digest);
  await send(location.href, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
    body: body(),
  });
}

type SendOptions = Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>;

async function send(url: string, options: SendOptions): Promise<Dispatcher.ResponseData> {
  const response = await request(url, options);
  const text = await response.body.text();
  if (response.statusCode >= 300) {
    throw new UserError(`${options.method} ${url} was answered with ${response.statusCode}: ${text}`);
  }
  return response;
}

function split(reference: string): { base: string; tag: string } {
  const [, host = '', name = '', tag = ''] = /^([^/]+)\/(.+):([^:/]+)$/.exec(reference) ?? [];
  return { base: `http://${host}/v2/${name}`, tag };
}
