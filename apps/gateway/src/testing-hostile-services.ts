/* Only tests use this: Services and EndpointSlices as nobody means them. */
import type { Observed } from '@berth/routes';
import fc from 'fast-check';

/** Text that means something to nginx, Lua, JSON, HTTP or a shell, and any other. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '.',
      '-',
      '*',
      '/',
      '\0',
      'a\0b',
      'a\r\nX: y',
      'a\nb',
      '"',
      "'",
      '\\',
      '`id`',
      '$(id)',
      '$host',
    ],
    ...[
      'a; return 200 x',
      'a;}',
      '} server { listen 80;',
      '${a}',
      '{{a}}',
      '%00',
      '%{host}',
      '../../etc',
      '[[',
      ']]--',
    ],
    ...[
      'os.execute("id")',
      '127.0.0.1',
      '::1',
      'localhost',
      'a.b',
      'A',
      '-a',
      'a-',
      'a..b',
      'xn--a',
      'ä',
      '\ud800',
    ],
    ...[
      'x'.repeat(63),
      'x'.repeat(64),
      'x'.repeat(300),
      'x.'.repeat(150),
      '__proto__',
      'constructor',
      'null',
      '0',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 20 }),
);

/** Mostly one of these: else nothing would come as far as a route. */
const mostly = (...values: string[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: hostileText });

const portName = mostly('http', 'ws');

const seconds = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(1, 60, 86_400) },
  { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double(), hostileText) },
);
/** `proxy` as the annotation has it: fields that are known, with values that may be anything. */
const proxy = fc
  .record(
    {
      connectTimeout: seconds,
      readTimeout: seconds,
      bodySize: mostly('0', '10m', '9999999999k', '999999999g'),
      hosts: fc.array(mostly('shop.example.com', 'a.b'), { maxLength: 4 }),
      path: mostly('/', '/api', '/api/'),
      other: hostileText,
    },
    { requiredKeys: [] },
  )
  .map(({ other, ...fields }) => JSON.stringify(other?.startsWith('x') ? { ...fields, other } : fields));

const address = mostly(
  '10.0.0.1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '010.0.0.1',
  'fe80::1%eth0',
  '10.0.0.1:80',
  'FD00::A',
);

const service = fc.record({
  metadata: fc.record({
    name: mostly('web', 'api'),
    namespace: mostly('staging', 'prod'),
    uid: fc.uuid(),
    creationTimestamp: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'),
    labels: fc.constant({ 'berth.dev/public': 'true' }),
    annotations: fc.record(
      {
        'berth.dev/domain': mostly('localhost', 'example.com'),
        'berth.dev/public-ports': fc
          .array(portName, { minLength: 1, maxLength: 4 })
          .map((names) => names.join(',')),
        'berth.dev/proxy': fc.oneof({ weight: 9, arbitrary: proxy }, { weight: 1, arbitrary: hostileText }),
      },
      { requiredKeys: ['berth.dev/domain', 'berth.dev/public-ports'] },
    ),
  }),
  spec: fc.record({
    type: mostly('ClusterIP'),
    selector: fc.constant({ app: 'web' }),
    ports: fc.array(
      fc.record({
        name: portName,
        port: fc.integer(),
        appProtocol: mostly('http', 'grpc', 'kubernetes.io/h2c'),
      }),
      { maxLength: 4 },
    ),
  }),
});

const slice = fc.record({
  metadata: fc.record({
    name: hostileText,
    namespace: mostly('staging', 'prod'),
    labels: mostly('web', 'api').map((name) => ({ 'kubernetes.io/service-name': name })),
  }),
  addressType: fc.constantFrom('IPv4', 'IPv6', 'FQDN'),
  endpoints: fc.array(
    address.map((one) => ({ addresses: [one], conditions: { ready: true } })),
    { maxLength: 4 },
  ),
  ports: fc.array(
    fc.record({ name: portName, port: fc.oneof(fc.constantFrom(0, 80, 65_535, 65_536), fc.integer()) }),
    {
      maxLength: 3,
    },
  ),
});

/** A cluster in which many of the Services get routes all the same. */
export const hostileCluster: fc.Arbitrary<Observed> = fc.record({
  services: fc.array(service, { maxLength: 6 }),
  endpointSlices: fc.array(slice, { maxLength: 6 }),
});
