import type { DeployRecord } from '@berth/deploy';
import { historyLines } from './history-lines';

const image = (service: string, digit: string) =>
  `localhost:5000/berth/${service}@sha256:${digit.repeat(64)}`;
const record = (number: number, changes: Partial<DeployRecord> = {}): DeployRecord => ({
  number,
  author: 'ana@laptop',
  startedAt: '2026-01-02T11:54:00Z',
  finishedAt: '2026-01-02T11:55:07.123Z',
  commit: '0123456789abcdef',
  images: { web: image('web', '1'), store: image('store', '2') },
  outcome: 'succeeded',
  changes: [],
  set: '',
  ...changes,
});

describe('historyLines', () => {
  it('says who deployed what when, with which new digests, and what became of it', () => {
    const web = { web: image('web', '3'), store: image('store', '2') };
    const failed = {
      outcome: 'failed' as const,
      author: 'ci@runner',
      images: web,
      failure: 'web cannot run\n  pod: web-1',
    };
    expect(historyLines('staging', [record(12, { restores: 10 }), record(11, failed), record(10)])).toEqual([
      '12  succeeded  2026-01-02 11:55:07  ana@laptop  0123456789  brought back record 10',
      '      web sha256:111111111111',
      '11  failed     2026-01-02 11:55:07  ci@runner   0123456789',
      '      web cannot run',
      '        pod: web-1',
      '      web sha256:333333333333',
      '10  succeeded  2026-01-02 11:55:07  ana@laptop  0123456789',
      '      store sha256:222222222222',
      '      web sha256:111111111111',
    ]);
  });

  it('names the command that deploys when there is nothing to remember', () => {
    expect(historyLines('staging', []).join('\n')).toContain('nx deploy staging');
  });
});
