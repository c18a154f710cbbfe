import fc from 'fast-check';
import { JsonSyntaxError, readJson } from './json-text';

function mistake(text: string): string {
  try {
    readJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.message;
    throw error;
  }
  return 'none';
}

describe('readJson', () => {
  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses exactly the texts that JSON.parse refuses', () => {
    const nearlyJson = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', '{', ']', ',', '"', '\\', '-', 'x', '\n'),
    );
    fc.assert(
      fc.property(nearlyJson, ([json, at, inserted]) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + inserted + json.slice(cut + 1);
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const found = mistake(text);
        if (!found.endsWith('is there twice')) expect(found === 'none').toBe(valid);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', 'line 1, column 1: expected a value'],
    ['{"a": 1,}', 'line 1, column 9: expected a field name in double quotes'],
    ['{\n  "a": [1, 2\n}', 'line 3, column 1: expected , or ]'],
    ['{"a" 1}', 'line 1, column 6: expected : after the field name'],
    ['{"a": "b', 'line 1, column 7: this string does not end, or has a wrong escape or control character'],
    ['[] []', 'line 1, column 4: expected the end of the file'],
    ['{"scale": {"min": 1,\n "min": 2}}', 'line 2, column 2: the field scale.min is there twice'],
  ])('says where %j is wrong', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});
