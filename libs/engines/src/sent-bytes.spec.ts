import type { ImageReader } from '@berth/registry';
import { sentBytes } from './sent-bytes';

describe('sentBytes', () => {
  const blob = (digest: string, size: number) => ({ digest, size });
  const registry: ImageReader = {
    contentOf: async () => [
      { config: blob('c1', 1), layers: [blob('shared', 10), blob('l1', 100)] },
      { config: blob('c2', 2), layers: [blob('shared', 10), blob('l2', 200)] },
    ],
    hasBlob: async () => false,
  };

  it('counts a blob of several images once', async () => {
    expect(await sentBytes('r', registry, () => true)).toBe(313);
  });

  it('counts what was sent, and says of each layer where it stands', async () => {
    const asked: unknown[] = [];
    const wasSent = ({ digest }: { digest: string }, layer?: number) => asked.push([digest, layer]) % 2 === 0;
    expect(await sentBytes('r', registry, wasSent)).toBe(212);
    expect(asked.slice(0, 3)).toEqual([
      ['c1', undefined],
      ['shared', 0],
      ['l1', 1],
    ]);
  });

  it('does not know when the registry does not say', async () => {
    const silent = { ...registry, contentOf: () => Promise.reject(new Error('gone')) };
    expect(await sentBytes('r', silent, () => true)).toBeUndefined();
  });
});
