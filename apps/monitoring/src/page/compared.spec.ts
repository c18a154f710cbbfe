import fc from 'fast-check';
import { addressOf, comparedIn } from './compared';

it('is the same after the address was shared, whatever the names are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (one, other) => {
      expect(comparedIn(addressOf({ one, other }))).toEqual({ one, other });
    }),
  );
});

it.each([
  ['', undefined],
  ['#', undefined],
  ['#comparison/a/b', undefined],
  ['#compare', { one: '', other: '' }],
  ['#compare/staging', { one: 'staging', other: '' }],
  ['#compare/staging/prod', { one: 'staging', other: 'prod' }],
  ['#compare/%E0%A4/prod', { one: '', other: '' }],
])('reads %s', (hash, compared) => {
  expect(comparedIn(hash)).toEqual(compared);
});
