import fc from 'fast-check';
import { mergeJson } from './merge-json';

describe('mergeJson', () => {
  it('merges objects deeply, replaces arrays and takes away what is null', () => {
    const base = { scale: { min: 1, max: 4 }, needs: ['a'], env: { A: '1' }, user: 5 };
    const override = { scale: { max: 8 }, needs: ['b', 'c'], env: { A: null, B: '2' } };
    expect(mergeJson(base, override)).toEqual({
      scale: { min: 1, max: 8 },
      needs: ['b', 'c'],
      env: { B: '2' },
      user: 5,
    });
  });

  it('changes nothing when laid over itself again', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, object, (base, override) => {
        const once = mergeJson(base, override);
        expect(mergeJson(once, override)).toEqual(once);
      }),
    );
  });

  it('keeps a field called __proto__ a field', () => {
    const merged = mergeJson({}, JSON.parse('{"__proto__": {"x": 1}}')) as Record<string, unknown>;
    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});
