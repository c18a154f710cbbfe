import { UserError } from '@berth/model';
import type { ImageResult } from './image-result';
import { ImageReporter } from './reporter';

describe('ImageReporter', () => {
  const lines: string[] = [];
  const reporter = new ImageReporter((line) => lines.push(line));
  beforeEach(() => lines.splice(0));

  it('ends with every image, each cause once, and the sums', () => {
    const down = () => new UserError('The registry does not answer.', 'curl it');
    const results: ImageResult[] = [
      { project: 'blotter', outcome: 'failed', tag: 't1', milliseconds: 10, failure: down() },
      { project: 'pricing', outcome: 'reused', tag: 't2', digest: 'sha256:2', milliseconds: 0 },
      { project: 'web', outcome: 'failed', tag: 't3', milliseconds: 10, failure: down() },
      { project: 'x', outcome: 'built', tag: 't4', digest: 'sha256:4', bytes: 1_234_567, milliseconds: 1240 },
    ];
    reporter.summary(results, 3456);
    expect(lines.join('\n')).toBe(
      [
        '',
        '  blotter  failed  tag t1  (0.0 s)',
        '  pricing  reused  sha256:2',
        '  web      failed  tag t3  (0.0 s)',
        '  x        built   sha256:4  (1.2 s)',
        '',
        'blotter, web: The registry does not answer.\n\n  curl it',
        '',
        '4 images: 1 built, 1 reused, 2 failed, 1.2 MB pushed  (3.5 s)',
      ].join('\n'),
    );
  });

  it('names what a failure has ended, and what was not tried for it', () => {
    reporter.finished({ project: 'web', outcome: 'stopped', milliseconds: 10 });
    reporter.finished({ project: 'x', outcome: 'untried', milliseconds: 10 });
    expect(lines.splice(0)).toEqual(['web: stopped']);
    reporter.summary(
      [
        {
          project: 'pricing',
          outcome: 'failed',
          tag: 't1',
          milliseconds: 0,
          failure: new UserError('Its test failed.'),
        },
        { project: 'web', outcome: 'stopped', tag: 't2', milliseconds: 500 },
        { project: 'x', outcome: 'untried', tag: 't3', milliseconds: 500 },
      ],
      0,
    );
    expect(lines.filter((line) => line !== '')).toEqual([
      '  pricing  failed     tag t1  (0.0 s)',
      '  web      stopped    tag t2  (0.5 s)',
      '  x        not tried  tag t3',
      '\npricing: Its test failed.',
      '3 images: 0 built, 0 reused, 1 failed, 1 stopped, 1 not tried  (0.0 s)',
    ]);
  });

  it.each([
    ['says nothing of bytes when nothing was pushed', [{}], '1 built, 0 reused, 0 failed  (0.0 s)'],
    ['counts single bytes', [{ digest: 'd', bytes: 999 }], '0 failed, 999 B pushed'],
    [
      'sums up',
      [
        { digest: 'd', bytes: 1500 },
        { digest: 'e', bytes: 600 },
      ],
      '0 failed, 2.1 kB pushed',
    ],
    ['says for how many it knows', [{ digest: 'd', bytes: 0 }, { digest: 'e' }], '0 B pushed for 1 of 2'],
  ])('%s', (_title, results, expected) => {
    reporter.summary(
      results.map((result) => ({ project: 'x', outcome: 'built', milliseconds: 0, ...result })),
      0,
    );
    expect(lines.at(-1)).toContain(expected);
  });

  it('shows the stack of a bug', () => {
    const failure = new TypeError('x is undefined');
    reporter.summary([{ project: 'web', outcome: 'failed', milliseconds: 0, failure }], 0);
    expect(lines.join('\n')).toContain('reporter.spec.ts');
  });

  it('says what the registry lacks, and what it did not say', () => {
    const asked = { registry: 'r', images: 2, missing: [], unanswered: [], milliseconds: 0 };
    reporter.asked(asked);
    reporter.asked({ ...asked, missing: ['a'], unanswered: ['b'] });
    expect(lines).toEqual([
      'Asked r for 2 images: it has all that is needed  (0.0 s)',
      'Asked r for 2 images: it lacks a; no answer for b  (0.0 s)',
    ]);
  });
});
