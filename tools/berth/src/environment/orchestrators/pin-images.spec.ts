import { pinImages } from './pin-images';

describe('pinImages', () => {
  const pod = (image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      template: { spec: { containers: [{ name: 'web', image }], initContainers: [{ name: 'init', image }] } },
    },
  });
  const pins = new Map([['registry/web', 'registry/web@sha256:1']]);

  it('replaces the image of every container', () => {
    expect(pinImages([pod('registry/web')], pins)).toEqual([pod('registry/web@sha256:1')]);
  });

  it("leaves someone else's image, and one that a patch named, as it is", () => {
    expect(pinImages([pod('registry/web:mine')], pins)).toEqual([pod('registry/web:mine')]);
  });

  it('keeps an object that names none of them', () => {
    const other = pod('nginx');
    expect(pinImages([other], pins)[0]).toBe(other);
  });

  it('does not change what it was given', () => {
    const before = pod('registry/web');
    pinImages([before], pins);
    expect(before).toEqual(pod('registry/web'));
  });
});
