import { parseImageFile } from './image-file';

const parse = (document: unknown) => parseImageFile(JSON.stringify(document), 'apps/web/image.json');

describe('parseImageFile', () => {
  it('fills in what the file leaves out', () => {
    expect(parse({})).toEqual({ bases: {}, args: {}, test: { health: true } });
    expect(parse({ builder: { image: 'builder', command: ['make'] } }).builder).toEqual({
      image: 'builder',
      command: ['make'],
      output: 'dist',
    });
  });

  it('takes every field', () => {
    const whole = {
      bases: { BASE: 'node' },
      prepare: ['sh', '-c', ''],
      builder: { image: 'builder', command: ['make'], output: 'out/web' },
      target: 'build',
      args: { VERSION: '' },
      test: { command: ['node', '--version'], health: false },
    };
    expect(parse({ $schema: 'x', ...whole })).toEqual(whole);
  });

  it.each([
    [
      { base: {} },
      ' at base: is no field here; known are bases, prepare, builder, target, args, test (did you mean "bases"?)',
    ],
    [{ bases: { 'A-B': 'x' } }, ' at bases["A-B"]: is no name of an ARG'],
    [{ bases: { A: 1 } }, ' at bases.A: must be a text that is not empty'],
    [{ prepare: 'make' }, ' at prepare: must be a list of a program and its arguments'],
    [{ prepare: [] }, ' at prepare: must be a list'],
    [{ prepare: ['a', 1] }, ' at prepare[1]: must be a text'],
    [{ builder: { image: 'b' } }, ' at builder.command: is missing'],
    [
      { builder: { image: 'b', command: ['c'], output: '../x' } },
      ' at builder.output: must be a folder inside',
    ],
    [
      { builder: { image: 'b', command: ['c'], output: '/x' } },
      ' at builder.output: must be a folder inside',
    ],
    [
      { builder: { image: 'b', command: ['c'], output: 'a/../..' } },
      ' at builder.output: must be a folder inside',
    ],
    [{ builder: { image: 'b', command: ['c'], output: '.' } }, ' at builder.output: must be a folder inside'],
    [{ test: { health: 'no' } }, ' at test.health: must be true or false'],
    [{ prepare: ['a', 'b\0'] }, ' at prepare[1]: must be a text without zero bytes'],
    [{ constructor: 1 }, ' at constructor: is no field here'],
    [[], ': must be an object'],
  ])('refuses %j', (document, message) => {
    expect(() => parse(document)).toThrow(`apps/web/image.json${message}`);
  });

  it.each([
    ['{\n  "bases": { "BASE": node }\n}', 'is no JSON: line 2, column 22: expected a value'],
    ['{"args": {},\n "args": {}}', 'is no JSON: line 2, column 2: the field args is there twice'],
    ['', 'is no JSON: line 1, column 1: expected a value'],
  ])('gives line and column of what is no JSON: %j', (text, message) => {
    expect(() => parseImageFile(text, 'apps/web/image.json')).toThrow(`apps/web/image.json: ${message}`);
  });

  it('says every problem at once', () => {
    expect(() => parse({ target: 1, prepare: 2 })).toThrow(/at target: .*\n.*at prepare: /);
  });
});
