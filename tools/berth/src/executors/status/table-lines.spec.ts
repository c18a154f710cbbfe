import type { EnvironmentStatus, ServiceStatus } from '@berth/deploy';
import { UserError } from '@berth/model';
import { tableLines } from './table-lines';

const now = new Date('2026-01-02T12:00:00Z');

function service(name: string, ready: number, message = ''): ServiceStatus {
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  const state = message ? 'progressing' : 'healthy';
  return { name, health: { object, state, ready, wanted: 2, message }, images: [], pods: [] };
}

const status = (environment: string, changes: Partial<EnvironmentStatus> = {}): EnvironmentStatus => ({
  environment,
  exists: true,
  services: [service('web', 2), service('store', 2)],
  ...changes,
});

describe('tableLines', () => {
  it('has a line for each environment, and below them what is not well', () => {
    const lastRecord = {
      number: 12,
      author: 'ana@laptop',
      startedAt: '2026-01-02T11:54:00Z',
      finishedAt: '2026-01-02T11:55:00Z',
      commit: '0123456789abcdef',
      images: {},
      outcome: 'succeeded' as const,
      changes: [],
      set: '',
    };
    const deploying = { holder: 'ben@laptop', since: '2026-01-02T11:59:50Z' };
    const services = [service('web', 1, 'one pod starts'), service('store', 2)];
    const failure = new UserError('the API server does not answer (ECONNREFUSED).', 'Is the cluster up?');
    expect(
      tableLines(
        [
          {
            environment: 'staging',
            status: status('staging', { lastRecord }),
            addresses: ['http://a/', 'http://b/'],
          },
          { environment: 'pr-42', status: status('pr-42', { services, deploying }), addresses: [] },
          { environment: 'qa', status: status('qa', { exists: false, services: [] }), addresses: [] },
          { environment: 'prod', failure },
        ],
        now,
      ),
    ).toEqual([
      'environment  services        last deploy                                          reachable at',
      'staging      2 of 2 healthy  12 of 0123456789 succeeded, 5 min ago by ana@laptop  http://a/ http://b/',
      'pr-42        1 of 2 healthy  ben@laptop deploys since 10 s',
      'qa           not deployed',
      'prod         not known',
      '',
      'pr-42: web 1 of 2 ready, progressing, one pod starts',
      'prod: the API server does not answer (ECONNREFUSED).',
      '  Is the cluster up?',
    ]);
  });

  it('is only the table when all is well', () => {
    expect(tableLines([{ environment: 'staging', status: status('staging'), addresses: [] }], now)).toEqual([
      'environment  services        last deploy  reachable at',
      'staging      2 of 2 healthy',
    ]);
  });

  it('names the addresses that were asked and do not answer', () => {
    const urls = ['http://a/', 'http://b/'];
    const rows = [{ environment: 'staging', status: status('staging'), addresses: urls }];
    const answers = [
      { url: 'http://a/', status: 200 },
      { url: 'http://b/', problem: 'ECONNREFUSED' },
    ];
    expect(tableLines(rows, now, answers).slice(2)).toEqual([
      '',
      'staging: http://b/ does not answer: ECONNREFUSED',
    ]);
  });
});
