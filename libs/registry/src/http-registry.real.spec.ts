import { HttpRegistry } from './http-registry';

/** The local cluster's registry; `npm start` brings it up. */
const host = 'localhost:5000';

describe('HttpRegistry with a real registry', () => {
  const registry = new HttpRegistry();
  afterAll(() => registry.close());

  it('gives the same digest for an image by tag and by that digest', async () => {
    // One of the cluster's own images, which is there whenever the cluster is.
    const digest = await registry.digestOf(`${host}/pause:3.10.1`);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await registry.digestOf(`${host}/pause@${digest}`)).toBe(digest);
  });

  it('does not have what nobody pushed', async () => {
    expect(await registry.digestOf(`${host}/pause:never-pushed`)).toBeUndefined();
    expect(await registry.has(`${host}/berth/never-pushed:1`)).toBe(false);
  });
});
