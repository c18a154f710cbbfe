import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPushed, pushImage, type LayerImage } from './push';

/** The part of the distribution protocol that a push needs; refuses content whose digest differs. */
function registry(): Server & { blobs: Map<string, Buffer>; manifests: Map<string, Buffer> } {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://registry');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const name = url.pathname.split('/').at(-1) ?? '';
      const store = url.pathname.includes('/blobs/') ? blobs : manifests;
      if (request.method === 'POST')
        return response.writeHead(202, { location: '/v2/a/blobs/uploads/1?state=x' }).end();
      if (request.method !== 'PUT') {
        const found = store.get(name);
        return response.writeHead(found ? 200 : 404).end(found);
      }
      if (store === manifests) manifests.set(name, body);
      else {
        const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
        if (digest !== url.searchParams.get('digest') || url.searchParams.get('state') !== 'x') {
          return response.writeHead(400).end('DIGEST_INVALID');
        }
        blobs.set(digest, body);
      }
      response.writeHead(201).end();
    });
  });
  return Object.assign(server, { blobs, manifests });
}

describe('pushing an image', () => {
  const server = registry();
  let url: string;
  let image: LayerImage;
  const folder = mkdtempSync(join(tmpdir(), 'push-'));
  const layer = join(folder, 'layer.tar');

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    writeFileSync(layer, 'layer');
    url = `http://127.0.0.1:${port}`;
    image = {
      reference: 'localhost:5000/a:1',
      content: 'key',
      architecture: 'amd64',
      entrypoint: ['/a'],
      user: '1000',
    };
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('is there afterwards, for the same content only', async () => {
    expect(await isPushed(url, image)).toBe(false);
    await pushImage(url, image, layer);
    expect(await isPushed(url, image)).toBe(true);
    expect(await isPushed(url, { ...image, content: 'other' })).toBe(false);
  });

  it('says where it was tried when nobody listens, and what the registry answered', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    const answered = (status: number) => (_: unknown, response: ServerResponse) =>
      void response.writeHead(status).end('no space left on device');
    free.on('request', answered(507));
    await expect(pushImage(`http://127.0.0.1:${port}`, image, layer)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('was answered with 507: no space left on device'),
      hint: expect.stringContaining('df -h'),
    });
    await new Promise((resolve) => free.close(resolve));
    // Not at the same port: a connection may be kept to it, or others listen there by now.
    const nobody = 'http://127.0.0.1:1';
    for (const ask of [() => isPushed(nobody, image), () => pushImage(nobody, image, layer)])
      await expect(ask()).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringMatching(/does not answer: .*ECONNREFUSED/),
        hint: expect.stringContaining('npm start'),
      });
  });

  it('has a manifest whose parts the registry holds', () => {
    const manifest = JSON.parse(String(server.manifests.get('1'))) as {
      config: { digest: string; size: number };
      layers: { digest: string; size: number }[];
    };
    expect(String(server.blobs.get(manifest.layers[0]?.digest ?? ''))).toBe('layer');
    const config = server.blobs.get(manifest.config.digest);
    expect(config?.length).toBe(manifest.config.size);
    expect(JSON.parse(String(config))).toMatchObject({
      config: { Entrypoint: ['/a'], User: '1000' },
      rootfs: { diff_ids: [manifest.layers[0]?.digest] },
    });
  });
});
