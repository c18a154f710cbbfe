import fc from 'fast-check';
import { maskerOf } from './mask';

const mask = (values: readonly (string | Buffer)[], line: string) =>
  maskerOf(values.map((value) => Buffer.from(value)))(line);

it('masks a value wherever it stands, and nothing else', () => {
  expect(mask(['hunter2'], 'password=hunter2, again "hunter2"; hunter3')).toBe(
    'password=***, again "***"; hunter3',
  );
});

it.each([
  ['base64', 'aHVudGVyMiYvYcOkPw=='],
  ['base64 of a URL', 'aHVudGVyMiYvYcOkPw'],
  ['base64 of user:password', Buffer.from('desk:hunter2&/aä?').toString('base64')],
  ['base64 of a longer name', Buffer.from('desks:hunter2&/aä?\n').toString('base64')],
  ['hexadecimal digits', Buffer.from('hunter2&/aä?').toString('hex')],
  ['JSON', 'hunter2&/aä?'],
  ['JSON of Python', 'hunter2&/a\\u00e4?'],
  ['JSON of Go', 'hunter2\\u0026/aä?'],
  ['JSON of PHP', 'hunter2&\\/aä?'],
  ['a part of a URL', 'hunter2%26%2Fa%C3%A4%3F'],
  ['a part of a URL, in small letters', 'hunter2%26%2fa%c3%a4%3f'],
  ['a path', 'hunter2%26/a%C3%A4%3F'],
])('masks %s of a value', (_, form) => {
  expect(mask(['hunter2&/aä?'], `said [${form}] once`)).toBe('said [***] once');
});

it('masks JSON in JSON', () => {
  const value = 'hunter"2\\';
  const line = JSON.stringify({ message: JSON.stringify({ password: value }) });
  expect(mask([value], line)).not.toMatch(/hunter/);
});

it('masks the password of a URL alone, as it is written and as it is meant', () => {
  expect(mask(['postgres://desk:hunter%232@store/desk'], 'desk, hunter%232 and hunter#2')).toBe(
    'desk, *** and ***',
  );
});

it('masks each line of a value over several lines', () => {
  const key = '-----BEGIN KEY-----\r\nMIIEabcd\n  bQIDAQAB\nxyz\n-----END KEY-----\n';
  expect(['MIIEabcd', 'a bQIDAQAB', 'xyz', '-----END KEY-----'].map((line) => mask([key], line))).toEqual([
    '***',
    'a ***',
    'xyz',
    '***',
  ]);
  expect(mask([key], JSON.stringify({ key }))).toBe('{"key":"***"}');
});

it('masks all of values that are parts of others, or overlap', () => {
  expect(mask(['hunter', 'hunter2-long'], 'hunter2-long hunter')).toBe('*** ***');
  expect(mask(['abcdef', 'defghi'], 'abcdefghi abcdef')).toBe('*** ***');
  // Beside the mask of one stands what is another with it.
  expect(mask(['hunter2', '***later'], 'hunter2later')).toBe('***');
});

it('leaves values of less than four characters, which are in nearly every line', () => {
  expect(mask(['a', 'yes', '  no  ', '    '], '    a  yes  or  no  ')).toBe('    a  yes  or  no  ');
  expect(mask(['', '\n'], 'a\\n')).toBe('a\\n');
});

it('finds a value of bytes that are no text by its base64 and digits', () => {
  const value = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x90]);
  expect(mask([value], `${value.toString('base64')} ${value.toString('hex').toUpperCase()}`)).toBe('*** ***');
});

it('has no trouble with a thousand secrets and long lines', () => {
  const values = Array.from({ length: 1_000 }, (_, index) => Buffer.from(`secret-number-${index}`));
  const masker = maskerOf(values);
  const line = 'secret-numbe '.repeat(600);
  for (let count = 0; count < 200; count++) expect(masker(line)).toBe(line);
});

/** Values as people choose them, and as they never would. */
const anyValue = fc.oneof(
  fc.string({ minLength: 4, maxLength: 20 }),
  fc.string({ unit: 'grapheme', minLength: 4, maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 4, maxLength: 8 }),
  fc.array(fc.string({ maxLength: 12 }), { minLength: 2, maxLength: 4 }).map((lines) => lines.join('\n')),
);
const forms: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => JSON.stringify(JSON.stringify(value)),
  (value) => encodeURIComponent(value),
  (value) => new URLSearchParams({ value }).toString(),
  (value) => Buffer.from(value).toString('base64'),
  (value) => Buffer.from(value).toString('base64url'),
  (value) => Buffer.from(value).toString('hex'),
];

it('lets no value out, in whatever form and whatever stands around it', () => {
  let masked = 0;
  fc.assert(
    fc.property(
      fc.array(anyValue, { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 6 }),
      (written, parts) => {
        // What is half a character is none in a Secret.
        const values = written.map((value) => Buffer.from(value).toString());
        const chosen = parts.map(([which, how, between]) => ({
          text: forms[how % forms.length]!(values[which % values.length]!),
          between,
        }));
        const line = chosen.map(({ text, between }) => between + text).join('');
        const out = line.split(/[\r\n]/).map((each) => mask(values, each));
        if (out.join('\n') !== line) masked++;
        for (const each of out) {
          for (const value of values.flatMap((text) => [text, ...text.split('\n')]))
            if (value.trim().length >= 4)
              for (const form of forms.map((formOf) => formOf(value)))
                if (form.length >= 4) expect(each).not.toContain(form);
          expect(mask(values, each)).toBe(each);
        }
      },
    ),
    { numRuns: 300 },
  );
  // Else it would have shown little.
  expect(masked).toBeGreaterThan(200);
});

it('lets no base64 out in which a value stands, wherever it begins', () => {
  fc.assert(
    fc.property(
      fc
        .string({ unit: fc.constantFrom(...'aZ9/+ \u00e4'), minLength: 6, maxLength: 20 })
        .map((text) => `x${text}y`),
      fc.string({ maxLength: 5 }),
      fc.string({ maxLength: 5 }),
      (value, before, after) => {
        const encoded = Buffer.from(`${before}${value}${after}`).toString('base64');
        expect(mask([value], encoded)).toBe('***');
        expect(mask([value], `Basic ${encoded} end`)).toBe('Basic *** end');
      },
    ),
  );
});

it('changes nothing in a line without any of the values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('x', 'y'), minLength: 4 })),
      fc.string(),
      (values, line) => {
        const other = line.replaceAll(/[xy]/g, 'z');
        fc.pre(!/[A-Za-z0-9+/_=-]{4}/.test(other));
        expect(mask(values, other)).toBe(other);
      },
    ),
  );
});
