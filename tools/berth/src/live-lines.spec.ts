import { LiveLines } from './live-lines';

const escape = '\u001b';
const piece = new RegExp(`${escape}\\[(\\d*)([AJ])|\r|\n|[^${escape}\r\n]+`, 'g');

/** What a person sees of a terminal that gets this: as far as LiveLines uses one. */
class Screen {
  readonly columns = 12;
  readonly rows = 4;
  readonly lines: string[] = [''];
  #row = 0;

  write(text: string): boolean {
    for (const [found, up, other] of text.matchAll(piece)) {
      if (other === 'A') this.#row -= Number(up);
      else if (other === 'J') this.lines.splice(this.#row, Infinity, '');
      else if (found === '\n') this.lines[++this.#row] ??= '';
      else if (found !== '\r') this.lines[this.#row] += found;
      if (this.#row < 0) throw new Error('above the first line');
    }
    return true;
  }
}

describe('LiveLines', () => {
  let screen: Screen;
  let live: LiveLines;
  beforeEach(() => {
    screen = new Screen();
    live = new LiveLines(screen);
    live.print('first');
  });

  it('draws lines anew where they stood, below those that stay', () => {
    live.show(['a: build', 'b: build']);
    expect(screen.lines).toEqual(['first', 'a: build', 'b: build', '']);
    live.show(['b: test']);
    live.print('a: done');
    expect(screen.lines).toEqual(['first', 'a: done', 'b: test', '']);
  });

  it('leaves none of them at the end', () => {
    live.show(['a: build', 'b: build']);
    live.show([]);
    expect(screen.lines).toEqual(['first', '']);
  });

  it('cuts what would wrap', () => {
    live.show(['ä: a line that is too long']);
    expect(screen.lines).toEqual(['first', 'ä: a line ', '']);
    live.show(['世界世界世界世界']);
    expect(screen.lines).toEqual(['first', '世界世界世', '']);
  });

  it('shows the last ones where not all have room', () => {
    live.show(['1', '2', '3', '4', '5']);
    expect(screen.lines).toEqual(['first', '3', '4', '5', '']);
    live.show(['6']);
    expect(screen.lines).toEqual(['first', '6', '']);
  });

  it('writes nothing when nothing changed', () => {
    live.show(['a: build']);
    const write = jest.spyOn(screen, 'write');
    live.show(['a: build']);
    expect(write).not.toHaveBeenCalled();
  });
});
