import consumers from 'node:stream/consumers';
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { prerenderToNodeStream } from 'react-dom/static';
import type { EnvironmentEntry, ServiceEntry } from '../entries';
import { commandsFor } from './commands';
import { DeployHistory } from './deploy-history';
import { PodTable, EventList } from './details';
import { EnvironmentSection } from './environment-section';
import { filterRows } from './filter-rows';
import { fromNow, shortImage } from './format';
import { hrefOf } from './href';
import { LastLines } from './last-lines';
import { ProbeList } from './latency';
import { latencyData } from './latency-data';
import { chartText, lastText } from './latency-words';
import { PageHeader, StaleNotice } from './page-header';
import { testEnvironment, testService } from './testing-entries';
import { wordsFor, WordsContext } from './words';

const now = Date.parse('2026-01-02T12:00:00Z');
const evil = '"><img src=x onerror=alert(1)>';

// What the browser has and Node has not.
beforeAll(() => Object.assign(globalThis, { location: { protocol: 'http:', port: '8080' } }));
afterAll(() => Reflect.deleteProperty(globalThis, 'location'));

const failing = [
  { asked: 'http://web.staging', problem: 'connection refused', since: '2026-01-02T11:55:00Z' },
];

function section(environment: EnvironmentEntry, ...services: ServiceEntry[]): string {
  return renderToStaticMarkup(
    createElement(EnvironmentSection, { environment, services, now, onOpen: () => undefined }),
  );
}
const text = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('an environment', () => {
  const lastDeploy = {
    number: 3,
    at: '2026-01-02T11:55:00Z',
    author: 'ana@laptop',
    outcome: 'succeeded' as const,
    commit: '0123456789abcdef',
  };

  it('says what was deployed, by whom, when, and when it expires', () => {
    const facts = { lastDeploy, ttl: '3d', expiresAt: '2026-01-05T12:00:00Z' };
    const shown = text(section(testEnvironment('staging', facts)));
    expect(shown).toContain('deploy 3 of 0123456789 by ana@laptop succeeded 5 min. ago');
    expect(shown).toContain('expires in 3 days');
    expect(shown).toContain('No service runs here.');
  });

  it('says who deploys now, what is protected, and what has failed', () => {
    const shown = section(
      testEnvironment('prod', {
        lastDeploy: { ...lastDeploy, outcome: 'failed' },
        deploying: { holder: 'ben', since: '2026-01-02T11:59:30Z' },
        protected: true,
        ttl: '3d',
        ending: true,
      }),
    );
    expect(text(shown)).toContain('ben deploys, since 30 sec. ago');
    expect(text(shown)).toContain('protected');
    expect(text(shown)).not.toContain('expires');
    expect(text(shown)).toContain('is being deleted');
    expect(shown).toMatch(/<span class="bad">deploy 3/);
  });

  it('names the routes that are refused, and why', () => {
    const refused = [
      { service: 'web', host: 'a.localhost', reason: 'HostTaken' as const, message: 'b has it' },
    ];
    expect(text(section(testEnvironment('staging', { refused })))).toContain(
      'a.localhost gets no route: b has it',
    );
  });
});

describe('a service', () => {
  it('says how it is in words too, which image runs, and where it answers', () => {
    const state = { state: 'hopeless' as const, ready: 0, wanted: 2, message: 'ErrImagePull: not found' };
    const markup = section(
      testEnvironment('staging'),
      testService('web', 'staging', { ...state, hosts: ['web-staging.localhost'] }),
    );
    expect(text(markup)).toContain('web ✗ hopeless 0 of 2 ready 0123abcd ErrImagePull: not found');
    expect(markup).toContain('href="http://web-staging.localhost:8080/"');
  });

  it('says apart from its health which of its probes fails', () => {
    const markup = section(testEnvironment('staging'), testService('web', 'staging', { failing }));
    expect(text(markup)).toContain(
      '✓ healthy 1 of 1 ready 0123abcd http://web.staging fails: connection refused',
    );
  });

  it('has commands that name it, with the service as an argument', () => {
    expect(
      commandsFor(testService('web', 'staging', { wanted: 2 }), { pods: 'pods' }).map(
        ({ command }) => command,
      ),
    ).toEqual([
      'nx logs staging --service=web --since=10m',
      'nx restart staging --service=web',
      'nx scale staging --service=web --replicas=3',
      'nx run staging:history',
      'nx rollback staging --dry-run',
    ]);
  });
});

it('says which deploys there were, and how those are brought back that may be', () => {
  const deploy = { at: '2026-01-02T11:55:00Z', author: 'ana@laptop', outcome: 'succeeded' as const };
  const shown = text(
    renderToStaticMarkup(
      createElement(DeployHistory, {
        environment: 'staging',
        deploys: [
          { ...deploy, number: 4, restores: 2 },
          { ...deploy, number: 3, outcome: 'failed', commit: '0123456789abcdef' },
          { ...deploy, number: 2 },
        ],
        now,
      }),
    ),
  );
  expect(shown).toContain('Deploy 4, which brought 2 back, by ana@laptop succeeded 5 min. ago');
  expect(shown).toContain('Deploy 3 of 0123456789 by ana@laptop failed');
  expect(shown.match(/nx rollback staging --to=\d/g)).toEqual(['nx rollback staging --to=2']);
});

it('shows what means harm as the text that it is', () => {
  const markup = [
    renderToStaticMarkup(
      createElement(DeployHistory, {
        environment: evil,
        deploys: [{ number: 1, at: evil, author: evil, outcome: 'succeeded', commit: evil }],
        now,
      }),
    ),
    section(
      testEnvironment('staging', {
        lastDeploy: { number: 1, at: evil, author: evil, outcome: 'succeeded', commit: evil },
        deploying: { holder: evil, since: evil },
        ttl: evil,
        refused: [{ service: evil, host: evil, reason: 'HostInvalid', message: evil }],
      }),
      testService('web', 'staging', {
        service: evil,
        name: evil,
        message: evil,
        images: [evil],
        hosts: [evil],
        failing: [{ asked: evil, problem: evil, since: evil }],
      }),
    ),
    renderToStaticMarkup(
      createElement(EventList, {
        events: [{ at: evil, type: evil, reason: evil, object: evil, message: evil, count: 1 }],
        now,
      }),
    ),
    renderToStaticMarkup(
      createElement(ProbeList, {
        report: {
          pointSeconds: 300,
          probes: [{ asked: evil, last: { at: evil, ms: 1, problem: evil }, points: [] }],
        },
        now,
      }),
    ),
    renderToStaticMarkup(
      createElement(PodTable, {
        pods: [{ name: evil, state: evil, ready: true, restarts: 0, node: evil, startedAt: evil }],
        now,
      }),
    ),
  ].join('');
  expect(markup.match(/onerror/g)!.length).toBeGreaterThan(18);
  expect(markup).not.toContain('<img');
  expect(markup).not.toContain(evil);
});

describe('the header', () => {
  const header = (services: ServiceEntry[], isLive = true) =>
    renderToStaticMarkup(
      createElement(PageHeader, {
        rows: [{ environment: testEnvironment('staging'), services }],
        isLive,
        text: '',
        onText: () => undefined,
        onlyUnwell: false,
        onOnlyUnwell: () => undefined,
      }),
    );

  it('counts what is not well', () => {
    expect(text(header([testService('web')]))).toContain('1 environment, 1 service, all well');
    const unwell = testService('store', 'staging', { state: 'progressing' });
    expect(text(header([testService('web'), unwell]))).toContain('1 environment, 2 services, 1 not well');
    expect(text(header([testService('web', 'staging', { failing })]))).toContain('1 service, 1 not well');
  });

  it('says whether what is shown is of now, and else since when not', () => {
    expect(text(header([]))).toContain(' live ');
    expect(text(header([], false))).toContain(' not live ');
    const notice = (props: Parameters<typeof StaleNotice>[0]) =>
      text(renderToStaticMarkup(createElement(StaleNotice, props)));
    expect(notice({ oldSince: undefined, lostAt: undefined }).trim()).toBe('');
    expect(notice({ oldSince: '2026-01-02T12:00:00Z', lostAt: undefined })).toMatch(
      /API server is not heard since \d\d:\d\d:\d\d/,
    );
    expect(notice({ oldSince: undefined, lostAt: now })).toMatch(/connection is lost since \d\d:\d\d:\d\d/);
  });
});

it('speaks of tasks on a Swarm, and says what is not to be had there', () => {
  const on = (orchestrator: 'swarm' | undefined, node: ReactNode) =>
    text(renderToStaticMarkup(createElement(WordsContext, { value: wordsFor({ orchestrator }) }, node)));
  const pods = createElement(PodTable, { pods: [], now });
  expect([on(undefined, pods).trim(), on('swarm', pods).trim()]).toEqual([
    expect.stringMatching(/^Pods /),
    expect.stringMatching(/^Tasks /),
  ]);
  expect(on('swarm', createElement(EventList, { events: [], now }))).toContain(
    'None that the Swarm remembers.',
  );
  const stale = createElement(StaleNotice, { oldSince: '2026-01-02T12:00:00Z', lostAt: undefined });
  expect(on('swarm', stale)).toContain('The Swarm is not heard since');
  const lines = createElement(LastLines, {
    opened: { environment: 'staging', kind: 'Service', name: 'web' },
    readLines: async () => '',
  });
  expect(on('swarm', lines)).toContain('Not shown on a Swarm');
  expect(on('swarm', lines)).not.toContain('Read them');
  expect(on(undefined, lines)).toContain('Read them');
  const commands = commandsFor(testService('web'), wordsFor({ orchestrator: 'swarm' }));
  expect(commands.map(({ does }) => does)).toContain('Start its tasks anew');
});

describe('the filter', () => {
  const rows = [
    {
      environment: testEnvironment('staging'),
      services: [testService('web'), testService('store', 'staging', { state: 'progressing' })],
    },
    { environment: testEnvironment('prod'), services: [testService('web', 'prod')] },
    { environment: testEnvironment('empty'), services: [] },
    { environment: testEnvironment('failing'), services: [testService('web', 'failing', { failing })] },
  ];
  const found = (query: string, onlyUnwell = false) =>
    filterRows(rows, query, onlyUnwell).map(({ environment, services }) => [
      environment.name,
      ...services.map(({ service }) => service),
    ]);

  it('shows all when nothing is asked', () => {
    expect(filterRows(rows, ' ', false)).toBe(rows);
  });

  it.each([
    [
      'web',
      false,
      [
        ['staging', 'web'],
        ['prod', 'web'],
        ['failing', 'web'],
      ],
    ],
    ['staging web', false, [['staging', 'web']]],
    ['STAGING', false, [['staging', 'web', 'store']]],
    ['0123abcd prod', false, [['prod', 'web']]],
    ['nothing', false, []],
    ['empty', false, [['empty']]],
    [
      '',
      true,
      [
        ['staging', 'store'],
        ['failing', 'web'],
      ],
    ],
    ['web prod', true, []],
  ])('finds by %j, only what is not well: %s', (query, onlyUnwell, expected) => {
    expect(found(query, onlyUnwell)).toEqual(expected);
  });
});

it.each([
  ['2026-01-02T11:59:59Z', '1 sec. ago'],
  ['2026-01-02T10:30:00Z', '1 hr. ago'],
  ['2025-12-24T12:00:00Z', '9 days ago'],
  ['2026-01-02T14:00:00Z', 'in 2 hr.'],
  ['never', 'at no known time'],
])('says %s as %s', (time, words) => {
  expect(fromNow(time, now)).toBe(words);
});

it.each([
  [`localhost:5000/berth/web@sha256:${'0123abcd'.repeat(8)}`, { name: 'web', digest: '0123abcd' }],
  ['localhost:5000/pause:3.10.1', { name: 'pause', digest: undefined }],
  ['web', { name: 'web', digest: undefined }],
])('shortens %s', (image, short) => {
  expect(shortImage(image)).toEqual(short);
});

it('leads to a host by the way that the page came', () => {
  expect(hrefOf('web.example.com', { protocol: 'https:', port: '' })).toBe('https://web.example.com/');
});

describe('latencies', () => {
  const point = { succeeded: 30, failed: 0, median: 2, p95: 8.25, max: 40 };
  const points = [
    { at: '2026-01-02T11:00:00Z', ...point, max: 120.4 },
    { at: '2026-01-02T11:05:00Z', succeeded: 0, failed: 30, median: 0, p95: 0, max: 0 },
    { at: '2026-01-02T11:20:00Z', ...point, failed: 1 },
  ];

  it('are drawn with a gap where there was no probe, and without times where none succeeded', () => {
    const start = Date.parse('2026-01-02T11:00:00Z') / 1000;
    expect(latencyData(points, 300)).toEqual([
      [start, start + 300, start + 600, start + 1_200],
      [2, null, null, 2],
      [8.25, null, null, 8.25],
      [120.4, null, null, 40],
      [null, 30, null, 1],
    ]);
    expect(latencyData([], 300)).toEqual([[], [], [], [], []]);
  });

  it('are said in words for who does not see the chart', () => {
    expect(chartText(points)).toMatch(
      /^Since \d\d:00:00: 31 of 91 probes failed. Lately half took at most 2.0 ms, 95 of 100 at most 8.3 ms; the slowest of all took 120 ms.$/,
    );
    expect(chartText([points[1]!])).toContain('30 of 30 probes failed. None succeeded.');
    expect(chartText([])).toBe('There is no history yet.');
  });

  it('begin with what the last probe has shown', () => {
    const at = '2026-01-02T11:59:55Z';
    const asked = 'http://web.staging';
    expect(lastText({ asked, points }, now)).toBe('http://web.staging was not asked yet.');
    expect(lastText({ asked, points, last: { at, ms: 2.44, status: 200 } }, now)).toBe(
      'http://web.staging answered in 2.4 ms, 5 sec. ago.',
    );
    expect(lastText({ asked, points, last: { at, ms: 3, problem: 'connection refused' } }, now)).toBe(
      'http://web.staging failed 5 sec. ago: connection refused.',
    );
  });

  it('go without the chart where it cannot be loaded', async () => {
    const probes = [{ asked: 'http://web.staging', points }];
    const list = createElement(ProbeList, { report: { pointSeconds: 300, probes }, now });
    const { prelude } = await prerenderToNodeStream(list);
    expect(text(await consumers.text(prelude))).toContain('The chart cannot be loaded: reload the page.');
  });

  it('are a table on demand', () => {
    const markup = renderToStaticMarkup(
      createElement(ProbeList, {
        report: { pointSeconds: 300, probes: [{ asked: 'http://web.staging', points }] },
        now,
      }),
    );
    expect(markup).toContain('<summary>Latency of http://web.staging as a table</summary>');
    expect(text(markup)).toMatch(/:20:00 2.0 ms 8.3 ms 40 ms 1 of 31 \d\d:05:00 none none none 30 of 30 /);
  });

  it('say so where there is nothing to ask', () => {
    const report = { pointSeconds: 300, probes: [] };
    expect(text(renderToStaticMarkup(createElement(ProbeList, { report, now })))).toContain(
      'None: no readiness probe over HTTP that its Service leads to, and no public address.',
    );
  });
});
