import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Progress, duration } from './progress';
import { Timings } from './timings';

describe('duration', () => {
  it.each([
    [0, '0.0 s'],
    [12_340, '12.3 s'],
    [59_990, '1 min 0 s'],
    [125_400, '2 min 5 s'],
  ])('writes %i ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});

describe('Progress', () => {
  let folder: string;
  let lines: string[];
  let clock: number;
  const progress = (verbose = false) =>
    new Progress(
      new Timings(join(folder, 'state/timings.json')),
      (line) => lines.push(line),
      verbose,
      undefined,
      () => clock,
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-progress-'));
    lines = [];
    clock = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says how long a step took, and the next time how long it took last time', async () => {
    const run = (milliseconds: number) => async () => {
      clock += milliseconds;
      return '2 pushed';
    };
    await progress().step('Images', run(3000));
    await progress().step('Images', run(1000));
    expect(lines).toEqual([
      '▸ Images',
      '✓ Images: 2 pushed  (3.0 s)',
      '▸ Images  (last time 3.0 s)',
      '✓ Images: 2 pushed  (1.0 s, last time 3.0 s)',
    ]);
  });

  it('keeps the output of a step that succeeds to itself and shows it when the step fails', async () => {
    await progress().step('Good', async (log) => log('noise'));
    await expect(
      progress().step('Bad', async (log) => {
        log('the cause');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(lines).toEqual([
      '▸ Good',
      '✓ Good  (0.0 s)',
      '▸ Bad',
      '    the cause',
      '✗ Bad: failed after 0.0 s',
    ]);
  });

  it('does not take the time of a failed step for the time of the step', async () => {
    await progress()
      .step('Bad', () => Promise.reject(new Error('no')))
      .catch(() => undefined);
    expect(new Timings(join(folder, 'state/timings.json')).of('Bad')).toBeUndefined();
  });
});
