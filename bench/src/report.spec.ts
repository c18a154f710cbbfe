import { reportJson, reportTable, row, type Report } from './report';

const figure = { case: '50 services', figure: 'time', unit: 's', runs: 3 };

describe('row', () => {
  it('judges the value that was measured, not the one that is shown', () => {
    expect(row({ ...figure, value: 2.9996 }, { goal: ['<', 3] })).toMatchObject({
      value: 3,
      goal: '< 3',
      met: true,
    });
    expect(row({ ...figure, value: 3 }, { goal: ['<', 3] })).toMatchObject({ met: false });
    expect(row({ ...figure, value: 1 }, { goal: ['≤', 1] })).toMatchObject({ met: true });
    expect(row({ ...figure, value: 4.99 }, { goal: ['≥', 5] })).toMatchObject({ goal: '≥ 5', met: false });
  });

  it('has null for the peer and the goal that it has not', () => {
    expect(row({ ...figure, value: 1.2345 })).toEqual({
      ...figure,
      value: 1.23,
      peer: null,
      peerValue: null,
      goal: null,
      met: null,
    });
  });
});

describe('a report', () => {
  const report: Report = {
    machine: { processor: 'P', cores: 2, memoryGb: 8, system: 'Debian', node: '20.1.0' },
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc, changed',
    versions: { docker: '28', buildx: 'v1' },
    rows: [
      row({ ...figure, value: 2 }, { peer: { name: 'a loop', value: 9 } }),
      row({ ...figure, value: 4 }, { goal: ['<', 3] }),
    ],
    failures: ['a loop, 200 services: it has lost its way'],
  };

  it('is a file that programs read', () => {
    expect(JSON.parse(reportJson(report))).toEqual(report);
  });

  it('is a table that says where its figures come from', () => {
    expect(reportTable('Benchmark: images', report)).toBe(`# Benchmark: images

Measured on 2026-01-02 at commit abc, changed, on 2 cores of P, 8 GB, Debian, Node 20.1.0.

docker 28, buildx v1.

| Case        | Figure | Berth | Peer   | Its figure | Ratio | Runs | Goal          |
| ----------- | ------ | ----- | ------ | ---------- | ----- | ---- | ------------- |
| 50 services | time   | 2 s   | a loop | 9 s        | 4.5 × | 3    |               |
| 50 services | time   | 4 s   |        |            |       | 3    | < 3 s: missed |

Failed:

- a loop, 200 services: it has lost its way
`);
  });
});
