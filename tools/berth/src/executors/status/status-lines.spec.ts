import { statusLines } from './status-lines';

const now = new Date('2026-01-02T12:00:00Z');

describe('statusLines', () => {
  it('names the command that deploys what is not there', () => {
    const lines = statusLines({ environment: 'staging', exists: false, services: [] }, now);
    expect(lines.join('\n')).toContain('nx deploy staging');
  });

  it('shows the last deploy, each service and its pods', () => {
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'staging' };
    const lines = statusLines(
      {
        environment: 'staging',
        exists: true,
        lastRecord: {
          number: 3,
          author: 'ana@laptop',
          startedAt: '2026-01-02T11:54:00Z',
          finishedAt: '2026-01-02T11:55:00Z',
          commit: '0123456789abcdef',
          images: {},
          outcome: 'succeeded',
          changes: [],
          set: '',
        },
        services: [
          {
            name: 'web',
            health: { object, state: 'progressing', ready: 1, wanted: 2, message: 'one pod starts' },
            images: [],
            pods: [
              {
                name: 'web-1',
                state: 'Running',
                ready: true,
                restarts: 2,
                node: 'node1',
                startedAt: '2026-01-02T09:00:00Z',
              },
              {
                name: 'web-2',
                state: 'Running',
                ready: false,
                restarts: 1,
                node: 'node1',
                startedAt: '2026-01-02T11:59:00Z',
              },
            ],
          },
        ],
      },
      now,
    );
    expect(lines).toEqual([
      'Deploy 3 of 0123456789 by ana@laptop succeeded, 5 min ago.',
      'web  1 of 2 ready, progressing, one pod starts',
      '       web-1  Running, 2 restarts, 3 h on node1',
      '       web-2  Running, 1 restart, 1 min on node1',
    ]);
  });
});
