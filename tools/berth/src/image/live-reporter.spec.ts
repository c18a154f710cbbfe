import { LiveLines } from '../live-lines';
import { LiveImageReporter } from './live-reporter';

describe('LiveImageReporter', () => {
  let now: number;
  let shown: readonly string[];
  let printed: string[];
  let reporter: LiveImageReporter;

  beforeEach(() => {
    now = 0;
    [shown, printed] = [[], []];
    const live = new LiveLines({ write: () => true, columns: 80, rows: 24 });
    jest.spyOn(live, 'show').mockImplementation((lines) => void (shown = lines));
    jest.spyOn(live, 'print').mockImplementation((line) => void printed.push(line));
    reporter = new LiveImageReporter(live, () => now);
  });
  afterEach(() => reporter.end());

  const asked = (missing: string[]) =>
    reporter.asked({ registry: 'r', images: 20, missing, unanswered: [], milliseconds: 100 });

  it('has a line for each image that is worked on: its step, how long, and what was printed last', () => {
    asked(['pricing', 'web']);
    reporter.step('web', 'build');
    reporter.step('pricing', 'build');
    now = 1500;
    reporter.line('web', '\u001b[32mStep 1/3\u001b[39m :\tFROM x\r');
    reporter.line('web', '');
    reporter.step('pricing', 'test');
    now = 2000;
    reporter.draw();
    expect(shown).toEqual([
      '  web      build   2.0 s  Step 1/3 : FROM x',
      '  pricing  test    0.5 s  ',
      '  0 of 2 done',
    ]);
    reporter.finished({ project: 'web', outcome: 'built', milliseconds: 2000, digest: 'sha256:1' });
    reporter.draw();
    expect(shown).toEqual(['  pricing  test    0.5 s  ', '  1 of 2 done']);
    expect(printed).toEqual([
      'Asked r for 20 images: it lacks pricing, web  (0.1 s)',
      'web: done  (2.0 s)  sha256:1',
    ]);
  });

  it('counts what has no room', () => {
    const projects = Array.from({ length: 15 }, (_, index) => `p${index}`);
    asked(projects);
    for (const project of projects) reporter.step(project, 'build');
    reporter.draw();
    expect(shown).toHaveLength(14);
    expect(shown.slice(-2)).toEqual(['  … and 3 more', '  0 of 15 done']);
  });

  it('shows nothing that changes when nothing has to be made', () => {
    asked([]);
    reporter.draw();
    expect(shown).toEqual([]);
  });
});
