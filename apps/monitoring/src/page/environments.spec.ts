import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { EnvironmentEntry, ServiceEntry } from '../entries';
import { commandsFor } from './commands';
import { DeployHistory } from './deploy-history';
import { PodTable, EventList } from './details';
import { EnvironmentSection } from './environment-section';
import { filterRows } from './filter-rows';
import { fromNow, shortImage } from './format';
import { hrefOf } from './href';
import { PageHeader, StaleNotice } from './page-header';
import { testEnvironment, testService } from './testing-entries';

const now = Date.parse('2026-01-02T12:00:00Z');
const evil = '"><img src=x onerror=alert(1)>';

// What the browser has and Node has not.
beforeAll(() => Object.assign(globalThis, { location: { protocol: 'http:', port: '8080' } }));
afterAll(() => Reflect.deleteProperty(globalThis, 'location'));

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

  it('has commands that name it, with the service as an argument', () => {
    expect(commandsFor(testService('web', 'staging', { wanted: 2 })).map(({ command }) => command)).toEqual([
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
      }),
    ),
    renderToStaticMarkup(
      createElement(EventList, {
        events: [{ at: evil, type: evil, reason: evil, object: evil, message: evil, count: 1 }],
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
  expect(markup.match(/onerror/g)!.length).toBeGreaterThan(15);
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

describe('the filter', () => {
  const rows = [
    {
      environment: testEnvironment('staging'),
      services: [testService('web'), testService('store', 'staging', { state: 'progressing' })],
    },
    { environment: testEnvironment('prod'), services: [testService('web', 'prod')] },
    { environment: testEnvironment('empty'), services: [] },
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
      ],
    ],
    ['staging web', false, [['staging', 'web']]],
    ['STAGING', false, [['staging', 'web', 'store']]],
    ['0123abcd prod', false, [['prod', 'web']]],
    ['nothing', false, []],
    ['empty', false, [['empty']]],
    ['', true, [['staging', 'store']]],
    ['web', true, []],
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
