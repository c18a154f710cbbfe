import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { UserError } from '@berth/model';
import { sendToRegistry, type RegistryAnswer, type RegistryRequest } from '@berth/registry';
import { sha256OfFile } from '../programs/checksums';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
/** Of the manifest: what the image was made from, so that a registry can be asked whether it has just that. */
const CONTENT_ANNOTATION = 'berth.dev/content';

/** An image of one layer. */
export interface LayerImage {
  /** `<registry>/<name>:<tag>` */
  reference: string;
  /** Key of what it is made from. */
  content: string;
  architecture: string;
  entrypoint?: readonly string[];
  user?: string;
}

/**
 * Whether the registry has the image under its tag, made from the same content.
 * @param registry where it answers: `http://<host>:<port>`
 */
export async function isPushed(registry: string, { reference, content }: LayerImage): Promise<boolean> {
  const { base, tag } = split(registry, reference);
  const asked = { method: 'GET', headers: { accept: MANIFEST_TYPE } } as const;
  // Once: whether it is there is asked again when the step runs, and a start need not wait for a registry that is down.
  const { statusCode, text } = await sendToRegistry(`${base}/manifests/${tag}`, asked, { tries: 1 });
  if (statusCode !== 200) return false;
  const manifest = parsedManifest(text);
  return manifest.annotations?.[CONTENT_ANNOTATION] === content;
}

/**
 * Pushes an image whose one layer is a tar file: by the registry's protocol, since no engine is needed to make it.
 * The layer stays uncompressed: registry and cluster are on one machine, or one network.
 * @param registry where it answers: `http://<host>:<port>`
 */
export async function pushImage(registry: string, image: LayerImage, layerFile: string): Promise<void> {
  const { base, tag } = split(registry, image.reference);
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
    body: () => JSON.stringify(manifest),
  });
}

/** Without annotations when it is no JSON: then it is not the image that is asked for. */
function parsedManifest(text: string): { annotations?: Record<string, string> } {
  try {
    return JSON.parse(text) as { annotations?: Record<string, string> };
  } catch {
    return {};
  }
}

async function putBlob(
  base: string,
  digest: string,
  size: number,
  body: () => Readable | Buffer,
): Promise<void> {
  const head = await sendToRegistry(`${base}/blobs/${digest}`, { method: 'HEAD' });
  if (head.statusCode === 200) return;
  const started = await send(`${base}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(String(started.headers['location'] ?? ''), `${base}/`);
  location.searchParams.set('digest', digest);
  await send(location.href, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
    body,
  });
}

/** Milliseconds that the registry may take for a layer: it writes and checks all of it before it answers. */
const UPLOAD_MS = 120_000;

async function send(url: string, init: RegistryRequest): Promise<RegistryAnswer> {
  // An upload that was cut begins with a new address: only the whole step can be run again.
  const answer = await sendToRegistry(url, init, { tries: 1, timeoutMs: UPLOAD_MS });
  if (answer.statusCode >= 300) {
    throw new UserError(
      `${init.method} ${url} was answered with ${answer.statusCode}: ${answer.text.trim()}`,
      /no space left/i.test(answer.text)
        ? "The registry's disk is full: df -h; free some of it, then run the same command again."
        : `See whether the registry is well: curl -i ${new URL(url).origin}/v2/`,
    );
  }
  return answer;
}

function split(registry: string, reference: string): { base: string; tag: string } {
  const [, name = '', tag = ''] = /^[^/]+\/(.+):([^:/]+)$/.exec(reference) ?? [];
  return { base: `${registry}/v2/${name}`, tag };
}
