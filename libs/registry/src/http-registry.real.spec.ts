import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestRegistries } from './testing-registries';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

describe('HttpRegistry with a real registry', () => {
  let registries: TestRegistries;
  beforeAll(async () => {
    registries = await TestRegistries.start();
  });
  afterEach(() => registries.closeClients());
  afterAll(() => registries?.stop());

  it('gives the same digest for an image by tag and by that digest', async () => {
    const registry = registries.client();
    const digest = await registry.digestOf(`${registries.open.host}/ana/web:1`);
    expect(digest).toMatch(DIGEST);
    expect(await registry.digestOf(`${registries.open.host}/ana/web@${digest}`)).toBe(digest);
  });

  it('does not have what nobody pushed', async () => {
    expect(
      await registries.client().digestOf(`${registries.open.host}/ana/web:never-pushed`),
    ).toBeUndefined();
    expect(await registries.client().has(`${registries.open.host}/ana/never-pushed:1`)).toBe(false);
  });

  it('gives the digest of the index for an image of several platforms', async () => {
    const index = await registries.images.putIndex('ana/several', '1', ['amd64', 'arm64']);
    const registry = registries.client();
    expect(await registry.digestOf(`${registries.open.host}/ana/several:1`)).toBe(index);
    expect(await registry.digestOf(`${registries.open.host}/ana/several@${index}`)).toBe(index);
    expect(await registry.digestOf(`${registries.open.host}/ana/several:1-arm64`)).not.toBe(index);
  });

  it('knows what images are made of, and which blobs a repository has', async () => {
    await registries.images.putIndex('ana/made', '1', ['amd64', 'arm64']);
    const registry = registries.client();
    const index = `${registries.open.host}/ana/made:1`;
    const images = await registry.contentOf(index);
    const one = await registry.contentOf(`${index}-amd64`);
    expect(images).toHaveLength(2);
    expect(images[0]).toEqual(one[0]);
    expect(one[0]).toMatchObject({ config: { digest: expect.stringMatching(DIGEST) }, layers: [] });
    const { digest = '', size = 0 } = one[0]?.config ?? {};
    expect(size).toBeGreaterThan(10);
    expect(await registry.hasBlob(index, digest)).toBe(true);
    expect(await registry.hasBlob(`${registries.open.host}/ana/never-pushed`, digest)).toBe(false);
    expect(
      await registry.hasBlob(
        index,
        digest.replace(/.$/, (end) => (end === '0' ? '1' : '0')),
      ),
    ).toBe(false);
    await expect(registry.contentOf(`${index}-never-pushed`)).rejects.toThrow('HTTP 404');
  });

  it('notices a manifest that was deleted behind its back', async () => {
    const digest = await registries.images.put('ana/deleted', '1');
    const registry = registries.client();
    expect(await registry.digestOf(`${registries.open.host}/ana/deleted:1`)).toBe(digest);
    await registries.images.delete('ana/deleted', digest);
    expect(await registry.digestOf(`${registries.open.host}/ana/deleted:1`)).toBeUndefined();
  });

  it('speaks plain http to another address than the loopback only when that is allowed', async () => {
    // Leads to 127.0.0.1 and is not known for it.
    const host = `[::ffff:7f00:1]:${registries.open.port}`;
    await expect(registries.client({ tries: 1 }).digestOf(`${host}/ana/web:1`)).rejects.toMatchObject({
      message: expect.stringContaining(`https://${host} does not answer: it does not speak TLS`),
      hint: expect.stringContaining('"insecureRegistries" of @berth/nx in nx.json'),
    });
    const allowed = registries.client({ insecureRegistries: [host] });
    expect(await allowed.digestOf(`${host}/ana/web:1`)).toMatch(DIGEST);
  });

  describe('behind a front that fails', () => {
    let front: Server;
    let host: string;
    let fault: ((response: ServerResponse) => boolean) | undefined;
    beforeAll(async () => {
      front = createServer((incoming, response) => {
        if (fault?.(response)) return;
        const { method, url, headers } = incoming;
        request({ port: registries.open.port, host: '127.0.0.1', method, path: url, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }).end();
      });
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
      host = `localhost:${(front.address() as AddressInfo).port}`;
    });
    beforeEach(() => {
      fault = undefined;
    });
    afterAll(async () => {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
    });

    // The second comes over a kept connection, whose end is no fault of anybody's.
    it.each([
      [0, 1],
      [1, 0],
    ])('is gone in the middle of answer %s, and then back: told %s times', async (before, told) => {
      let answers = 0;
      fault = (response) => answers++ === before && cutHeaders(response);
      const retries: string[] = [];
      const registry = registries.client({ onRetry: (line) => retries.push(line) });
      expect(await registry.digestOf(`${host}/ana/web:1`)).toMatch(DIGEST);
      expect(retries).toHaveLength(told);
    });

    it.each([
      [403, {}, /does not let us read: HEAD .* gave HTTP 403/, /^docker login/],
      [429, { 'retry-after': '60' }, /gave HTTP 429, to be asked again after 60 s/, /docker login/],
      [502, {}, /gave HTTP 502/, /curl -i/],
    ])('answers %s %j to every question for an image', async (code, headers, message, hint) => {
      const registry = registries.client();
      await registry.digestOf(`${host}/ana/web:1`);
      fault = (response) => {
        response.writeHead(code, headers).end();
        return true;
      };
      await expect(registry.digestOf(`${host}/ana/web:1`)).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
    });
  });
});

/** Ends the connection in the middle of an answer's headers: that to a HEAD has no more. */
function cutHeaders(response: ServerResponse): boolean {
  response.socket?.end('HTTP/1.1 200 OK\r\nDocker-Con');
  return true;
}
