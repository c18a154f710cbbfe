import { recordedImages } from './recorded-images';

const images = { web: 'registry/web@sha256:1', store: 'registry/store@sha256:2' };

describe('images that were deployed before', () => {
  let closed: number;
  const source = (...gone: string[]) =>
    recordedImages(
      images,
      () => ({
        has: async (reference) => !gone.includes(reference),
        digestOf: () => Promise.reject(new Error('not asked for')),
        close: () => void closed++,
      }),
      'record 3 of staging',
      'nx run staging:history',
    );
  beforeEach(() => (closed = 0));

  it('are taken by their digests', async () => {
    expect(await source().resolve()).toEqual(images);
    expect(closed).toBe(1);
  });

  it('and are gone from the registry are named', async () => {
    await expect(source(images.store).resolve()).rejects.toMatchObject({
      message:
        'The registry no longer has images of record 3 of staging; nothing was changed:\n  store: registry/store@sha256:2',
      hint: 'nx run staging:history',
    });
    expect(closed).toBe(1);
  });

  it('are never built anew', async () => {
    await expect(source().build(['web'])).rejects.toThrow('nothing is built anew: web');
  });
});
