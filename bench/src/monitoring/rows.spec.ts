import { rowsOf, type Results } from './rows';

const results: Results = {
  environments: 200,
  startSeconds: 2,
  openings: [
    { firstPaint: 100, allCells: 900 },
    { firstPaint: 200, allCells: 1100 },
    { firstPaint: 300, allCells: 1000 },
  ],
  listed: [3000],
  followed: Array.from({ length: 100 }, (_, index) => ({
    fromCall: index + 20,
    fromEvent: index === 0 ? 600 : index,
    kubectl: 5,
  })),
  load: { perSecond: 5, cpu: 0.25, pageBusy: 0.5, table: 12, megabytes: 200 },
  day: {
    ...{ deploys: 2000, stumbles: 400, replaced: 20, seconds: 50 },
    samples: [
      { resident: 240, serverHeap: 100, pageHeap: 50 },
      { resident: 250, serverHeap: 103, pageHeap: 50 },
      { resident: 257, serverHeap: 106, pageHeap: 50 },
    ],
  },
  memory: 256,
};
const rows = rowsOf(results);
const find = (figure: string) =>
  rows
    .filter((row) => row.figure === figure)
    .map(({ value, peer, peerValue, goal, met }) => ({ value, peer, peerValue, goal, met }));
const alone = { peer: null, peerValue: null };

it('judges the opening of the page, and puts the list of kubectl beside it', () => {
  expect(find('first paint')).toEqual([{ ...alone, value: 200, goal: '< 1000', met: true }]);
  expect(find('all cells drawn')).toEqual([
    { ...alone, value: 1000, goal: '< 1000', met: false },
    { value: 1000, peer: 'kubectl get deployments -A', peerValue: 3000, goal: null, met: null },
  ]);
});

it('judges the middle, the 95th and the slowest of all changes, and puts the watch of kubectl beside them', () => {
  const peer = { peer: 'kubectl get deployments -A --watch', peerValue: 5, goal: null, met: null };
  expect(find('event to page, p50')).toEqual([
    { ...alone, value: 50, goal: '≤ 500', met: true },
    { ...peer, value: 50 },
  ]);
  expect(find('event to page, p95')[0]).toMatchObject({ value: 95, met: true });
  expect(find('event to page, most')[0]).toMatchObject({ value: 600, met: false });
});

it('holds the memory to what the pod has, and calls a heap flat by the line through all tenths', () => {
  expect(find('memory of the server')[0]).toMatchObject({ value: 200, goal: '≤ 256', met: true });
  expect(find('memory of the server, most')[0]).toMatchObject({ value: 257, met: false });
  expect(find('heap of the server, gained in the day')[0]).toMatchObject({ value: 6, met: false });
  expect(find('heap of the page, gained in the day')[0]).toMatchObject({ value: 0, met: true });
});

it('says how many deploys were followed', () => {
  expect(find('deploys followed')[0]).toMatchObject({ value: 40 });
});
