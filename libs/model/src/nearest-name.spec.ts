import { nearestName } from './nearest-name';

describe('nearestName', () => {
  it.each([
    ['helth', 'health'],
    ['prots', 'ports'],
    ['Secrets', 'secrets'],
    ['nodeport', undefined],
    ['x', undefined],
  ])('%s is nearest to %s', (name, expected) => {
    expect(nearestName(name, ['health', 'ports', 'secrets', 'scale'])).toBe(expected);
  });

  it('takes the nearest of several', () => {
    expect(nearestName('price', ['prize', 'pricing', 'prices'])).toBe('prize');
  });
});
