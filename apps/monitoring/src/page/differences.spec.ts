import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Comparison } from './comparison';
import { differencesOf } from './differences';
import type { Row } from './table-state';
import { testEnvironment, testService } from './testing-entries';

const digest = (digits: string) => `localhost:5000/berth/web@sha256:${digits.padEnd(64, '0')}`;
const lastDeploy = {
  number: 3,
  at: '2026-01-02T11:55:00Z',
  author: 'ana@laptop',
  outcome: 'succeeded' as const,
  commit: '0123456789abcdef',
};

function row(name: string, services: Parameters<typeof testService>[2][] = [], fields = {}): Row {
  return {
    environment: testEnvironment(name, fields),
    services: services.map((each) => testService('web', name, each)),
  };
}
const told = (one: Row, other: Row) =>
  differencesOf(one, other).map(({ service, what, values }) => [service, what, ...values]);

it('says which services are in one only', () => {
  const one: Row = {
    environment: testEnvironment('staging'),
    services: [testService('web'), testService('store')],
  };
  const other: Row = {
    environment: testEnvironment('prod'),
    services: [testService('web', 'prod'), testService('audit', 'prod', { kind: 'StatefulSet' })],
  };
  expect(told(one, other)).toEqual([
    ['audit', 'runs as', 'not there', 'StatefulSet'],
    ['store', 'runs as', 'Deployment', 'not there'],
  ]);
});

it.each([
  ['image', { images: [digest('a1')] }, { images: [digest('b2')] }, ['web a1000000', 'web b2000000']],
  ['replicas', { wanted: 1 }, { wanted: 3 }, ['1', '3']],
  [
    'ports',
    { ports: ['http 8080'] },
    { ports: ['grpc 9090', 'http 8080'] },
    ['http 8080', 'grpc 9090\nhttp 8080'],
  ],
  [
    'addresses',
    { hosts: ['web-staging.localhost'] },
    { hosts: ['web-prod.example.com'] },
    ['web-*.localhost', 'web-*.example.com'],
  ],
  [
    'health',
    {},
    { state: 'hopeless' as const, message: 'ErrImagePull: not found' },
    ['healthy', 'hopeless, ErrImagePull: not found'],
  ],
])('says that the %s of a service differs', (what, here, there, values) => {
  expect(told(row('staging', [here]), row('prod', [there]))).toEqual([['web', what, ...values]]);
});

it('shows whole digests where their first digits are the same', () => {
  const [one, other] = [digest('12345678a'), digest('12345678b')];
  expect(told(row('staging', [{ images: [one] }]), row('prod', [{ images: [other] }]))).toEqual([
    ['web', 'image', one, other],
  ]);
});

it('says how the environments differ themselves', () => {
  const prod = { protected: true, lastDeploy: { ...lastDeploy, outcome: 'failed' as const } };
  expect(told(row('staging', [], { ttl: '3d' }), row('prod', [], prod))).toEqual([
    [undefined, 'commit of the last deploy', 'not known', lastDeploy.commit],
    [undefined, 'outcome of the last deploy', 'not known', 'failed'],
    [undefined, 'protected', 'no', 'yes'],
    [undefined, 'expires after', '3d', 'never'],
  ]);
});

it('finds no difference in what every environment has of its own: names, ages, who deployed and when', () => {
  const hosts = (name: string) => [
    { hosts: [`web-${name}.localhost`], createdAt: `2026-01-0${name.length}T00:00:00Z` },
  ];
  const deployed = (author: string, number: number) => ({ lastDeploy: { ...lastDeploy, author, number } });
  const one = row('staging', hosts('staging'), deployed('ana@laptop', 1));
  expect(told(one, row('prod', hosts('prod'), deployed('ben@desk', 7)))).toEqual([]);
});

const anyService = fc
  .record({
    service: fc.constantFrom('web', 'store', 'constructor'),
    kind: fc.constantFrom('Deployment', 'StatefulSet'),
    state: fc.constantFrom('healthy' as const, 'progressing' as const),
    wanted: fc.nat(3),
    images: fc.subarray([digest('a1'), digest('b2'), 'pause:3.10']),
    hosts: fc.subarray(['web-staging.localhost', 'web-prod.localhost', 'web.example.com']),
    ports: fc.subarray(['http 8080', 'dns 53 UDP']),
  })
  .map(({ service, ...fields }) => testService(service, 'staging', fields));
const anyRow: fc.Arbitrary<Row> = fc.record({
  environment: fc
    .record({ protected: fc.boolean(), lastDeploy: fc.option(fc.constant(lastDeploy), { nil: undefined }) })
    .map(({ lastDeploy: last, ...fields }) =>
      testEnvironment('staging', { ...fields, ...(last && { lastDeploy: last }) }),
    ),
  services: fc.uniqueArray(anyService, {
    selector: ({ service, kind }) => `${kind}/${service}`,
    maxLength: 5,
  }),
});

it('is nothing between an environment and itself, and the same from either side', () => {
  let found = 0;
  fc.assert(
    fc.property(anyRow, anyRow, (one, other) => {
      expect(differencesOf(one, structuredClone(one))).toEqual([]);
      const differences = differencesOf(one, other);
      found += differences.length;
      expect(differencesOf(other, one)).toEqual(
        differences.map(({ values, ...difference }) => ({ ...difference, values: [values[1], values[0]] })),
      );
      for (const { values } of differences) expect(values[0]).not.toBe(values[1]);
    }),
  );
  // Else it would have shown little.
  expect(found).toBeGreaterThan(100);
});

describe('the comparison on the page', () => {
  const rows = [row('prod', [{ wanted: 2 }]), row('staging', [{}]), row('test', [{}])];
  const shown = (one: string, other: string, on = rows) =>
    renderToStaticMarkup(
      createElement(Comparison, { rows: on, compared: { one, other }, onChoose: () => undefined }),
    ).replace(/<[^>]*>/g, ' ');

  it.each([
    ['', '', 'Choose two environments.'],
    ['staging', '', 'Choose two environments.'],
    ['staging', 'staging', 'That is the same environment twice.'],
    ['staging', 'test', 'Nothing differs between staging and test.'],
    ['staging', 'gone', 'There is no environment gone.'],
    ['staging', 'prod', 'One difference.'],
  ])('says of %j and %j: %s', (one, other, summary) => {
    expect(shown(one, other)).toContain(summary);
  });

  it('shows what means harm as the text that it is', () => {
    const evil = '"><img src=x onerror=alert(1)>';
    const markup = renderToStaticMarkup(
      createElement(Comparison, {
        rows: [row('staging', [{ state: 'hopeless', message: evil }]), row(evil, [{ ports: [evil] }])],
        compared: { one: 'staging', other: evil },
        onChoose: () => undefined,
      }),
    );
    expect(markup).not.toContain('<img');
    expect(markup).toContain('&lt;img');
  });
});
