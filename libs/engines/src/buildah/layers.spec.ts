import { laidOver } from './layers';

describe('layers of an image, laid over each other', () => {
  it('have what each of them brings', () => {
    expect(
      laidOver([
        ['bin/', 'bin/a'],
        ['bin/', 'bin/b'],
      ]),
    ).toEqual(['bin/', 'bin/a', 'bin/b']);
  });

  it('lack what one above them has removed, a file or a folder with all in it', () => {
    const base = ['srv/', 'srv/a', 'srv/node_modules/', 'srv/node_modules/x', 'srv/node_modules2/'];
    expect(laidOver([base, ['srv/', 'srv/.wh.a', 'srv/.wh.node_modules']])).toEqual([
      'srv/',
      'srv/node_modules2/',
    ]);
  });

  it('lack what an opaque folder hides, and have what is in it', () => {
    expect(
      laidOver([
        ['srv/', 'srv/a'],
        ['srv/', 'srv/.wh..wh..opq', 'srv/b'],
      ]),
    ).toEqual(['srv/', 'srv/b']);
  });

  it('lack a folder in whose place a file was put', () => {
    expect(laidOver([['a/', 'a/b'], ['a']])).toEqual(['a']);
  });

  it('have again what was removed in between', () => {
    expect(laidOver([['a'], ['.wh.a'], ['a']])).toEqual(['a']);
  });
});
