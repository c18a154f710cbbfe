import { Alike } from './alike';

describe('what is alike', () => {
  it('is kept once, and what differs is not mixed with it', () => {
    const alike = new Alike();
    const first = alike.of({ ports: [{ port: 80 }] });
    expect(alike.of({ ports: [{ port: 80 }] })).toBe(first);
    expect(alike.of({ ports: [{ port: 81 }] })).toEqual({ ports: [{ port: 81 }] });
    expect(alike.of([{ port: 80 }])).toEqual([{ port: 80 }]);
  });

  it('does not grow without end', () => {
    const alike = new Alike();
    const first = alike.of({ number: 0 });
    for (let number = 1; number < 1000; number++) alike.of({ number });
    expect(alike.of({ number: 0 })).toBe(first);
    alike.of({ number: 1000 });
    expect(alike.of({ number: 0 })).not.toBe(first);
    const long = alike.of(['x'.repeat(1000)]);
    expect(alike.of(['x'.repeat(1000)])).not.toBe(long);
  });
});
