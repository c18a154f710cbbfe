import type { ObservedEndpointSlice, ObservedService } from './observed';
import { routeTable } from './route-table';
import { testService, testSlice } from './testing-objects';

function table(
  services: ObservedService[],
  endpointSlices: ObservedEndpointSlice[] = [],
  apiServers?: string[],
) {
  const { routes, refused } = routeTable({ services, endpointSlices }, { apiServers });
  return {
    routes: Object.fromEntries(routes),
    endpoints: Object.fromEntries([...routes].map(([host, route]) => [host, route.endpoints])),
    refused: refused.map(({ service, host, reason }) => [
      `${service.namespace}/${service.name}`,
      reason,
      host,
    ]),
    messages: refused.map(({ message }) => message),
  };
}

describe('hosts', () => {
  it('give the first public port the main name and the others one with the port', () => {
    const ports = [
      { name: 'ws', port: 8081, appProtocol: 'kubernetes.io/ws' },
      { name: 'http', port: 8080 },
      { name: 'rpc', port: 9000, appProtocol: 'grpc' },
      { name: 'h2', port: 9001, appProtocol: 'kubernetes.io/h2c' },
    ];
    const services = [testService('web', { ports, publicPorts: 'http, ws,rpc,h2', domain: 'example.com' })];
    const slices = [
      testSlice(
        'web',
        ['10.244.0.5'],
        [
          { name: 'http', port: 8080 },
          { name: 'ws', port: 8081 },
        ],
      ),
    ];
    const { routes, refused } = table(services, slices);
    const web = { environment: 'staging', service: 'web' };
    expect(routes).toEqual({
      'web-staging.example.com': { ...web, port: 'http', protocol: 'http', endpoints: ['10.244.0.5:8080'] },
      'web-ws-staging.example.com': { ...web, port: 'ws', protocol: 'http', endpoints: ['10.244.0.5:8081'] },
      'web-rpc-staging.example.com': { ...web, port: 'rpc', protocol: 'grpc', endpoints: [] },
      'web-h2-staging.example.com': { ...web, port: 'h2', protocol: 'h2c', endpoints: [] },
    });
    expect(refused).toEqual([]);
  });

  it('take the settings and further hosts of the proxy annotation', () => {
    const proxy = JSON.stringify({
      bodySize: '1m',
      readTimeout: 120,
      path: '/api',
      redirect: 'https',
      hsts: 3600,
      hosts: ['desk.example.com'],
    });
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'ws', port: 8081 },
    ];
    const { routes } = table([testService('web', { proxy, ports, publicPorts: 'http,ws' })]);
    expect(Object.keys(routes)).toEqual([
      'web-staging.localhost',
      'desk.example.com',
      'web-ws-staging.localhost',
    ]);
    expect(routes['desk.example.com']).toMatchObject({
      port: 'http',
      proxy: { bodySize: '1m', readTimeout: 120, path: '/api', redirect: 'https', hsts: 3600 },
    });
  });

  it('stay with the older service; the other is told who has it', () => {
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'bar', port: 8081 },
    ];
    const fooBar = testService('foo-bar', { created: '2026-01-02T00:00:00Z' });
    const foo = testService('foo', { ports, publicPorts: 'http,bar', created: '2026-01-01T00:00:00Z' });
    const { routes, refused, messages } = table([fooBar, foo]);
    expect(routes['foo-bar-staging.localhost']).toMatchObject({ service: 'foo', port: 'bar' });
    expect(refused).toEqual([['staging/foo-bar', 'HostTaken', 'foo-bar-staging.localhost']]);
    expect(messages).toEqual([
      'the Service staging/foo has the host foo-bar-staging.localhost, since 2026-01-01T00:00:00Z',
    ]);
    const younger = testService('foo', { ports, publicPorts: 'http,bar', created: '2026-01-03T00:00:00Z' });
    expect(table([fooBar, younger]).refused).toEqual([
      ['staging/foo', 'HostTaken', 'foo-bar-staging.localhost'],
    ]);
  });

  it('go by namespace and name between services of the same second', () => {
    const proxy = JSON.stringify({ hosts: ['desk.example.com'] });
    const services = [
      testService('web', { namespace: 'b', proxy }),
      testService('web', { namespace: 'a', proxy }),
    ];
    expect(table(services).routes['desk.example.com']?.environment).toBe('a');
  });

  it('are not refused to a service that names its own host once more', () => {
    const proxy = JSON.stringify({ hosts: ['web-staging.localhost'] });
    expect(table([testService('web', { proxy })]).refused).toEqual([]);
  });

  it('over 63 characters in the label are refused, never cut', () => {
    const fits = table([testService('a'.repeat(55))]);
    expect(Object.keys(fits.routes)).toEqual([`${'a'.repeat(55)}-staging.localhost`]);
    const { routes, refused } = table([testService('a'.repeat(56))]);
    expect(routes).toEqual({});
    expect(refused).toEqual([
      [`staging/${'a'.repeat(56)}`, 'HostTooLong', `${'a'.repeat(56)}-staging.localhost`],
    ]);
  });
});

describe('services', () => {
  it('without the label get no route and no refusal', () => {
    const web = testService('web');
    expect(table([{ ...web, metadata: { ...web.metadata, labels: {} } }])).toMatchObject({
      routes: {},
      refused: [],
    });
  });

  it.each([
    ['ExternalName', { spec: { type: 'ExternalName', externalName: 'example.com' } }],
    ['NoSelector', { spec: { selector: undefined } }],
    ['NoSelector', { spec: { selector: {} } }],
    ['InvalidAnnotation', { domain: 'local host;' }],
    ['InvalidAnnotation', { publicPorts: '' }],
    ['InvalidAnnotation', { proxy: '{"bodySize":"1m; return 200"}' }],
    ['InvalidAnnotation', { proxy: '{"path":"/a\\n}"}' }],
    ['InvalidAnnotation', { proxy: '{"hosts":["*.example.com"]}' }],
    ['InvalidAnnotation', { proxy: '{"redirect":"https://evil"}' }],
    ['InvalidAnnotation', { proxy: '{"hsts":"1; includeSubDomains"}' }],
    ['InvalidAnnotation', { proxy: '{"unknown":1}' }],
    ['InvalidAnnotation', { proxy: '{' }],
    ['UnknownPort', { publicPorts: 'nothing' }],
    ['UnsupportedProtocol', { ports: [{ name: 'http', port: 8080, protocol: 'UDP' }] }],
    ['UnsupportedProtocol', { ports: [{ name: 'http', port: 8080, appProtocol: 'https' }] }],
    ['UnsupportedProtocol', { ports: [{ name: 'http', port: 8080, appProtocol: 'constructor' }] }],
    ['HostInvalid', { domain: `${'a.'.repeat(125)}a` }],
  ])('are refused as %s: %j', (reason, options) => {
    const { routes, refused } = table([testService('web', options)], [testSlice('web', ['10.244.0.5'])]);
    expect(routes).toEqual({});
    expect(refused.map(([, given]) => given)).toEqual([reason]);
  });

  it('keep their good ports when one is refused', () => {
    const { routes, refused } = table([testService('web', { publicPorts: 'http,gone' })]);
    expect(Object.keys(routes)).toEqual(['web-staging.localhost']);
    expect(refused).toEqual([['staging/web', 'UnknownPort', 'web-gone-staging.localhost']]);
  });
});

describe('endpoints', () => {
  const web = testService('web');
  const endpoint = (address: string, conditions?: Record<string, boolean | null>) => ({
    addresses: [address],
    ...(conditions && { conditions }),
  });

  it('are those that are ready and serving and do not end', () => {
    const slice = testSlice('web', [
      endpoint('10.244.0.1', { ready: true, serving: true, terminating: false }),
      endpoint('10.244.0.2', { ready: false, serving: true, terminating: true }),
      endpoint('10.244.0.3', { ready: false, serving: false, terminating: false }),
      endpoint('10.244.0.4', { ready: true, serving: false }),
      // As of a Service with publishNotReadyAddresses.
      endpoint('10.244.0.5', { ready: true, serving: true, terminating: true }),
      endpoint('10.244.0.6', { ready: null, serving: null, terminating: null }),
      endpoint('10.244.0.7'),
    ]);
    expect(table([web], [slice]).endpoints).toEqual({
      'web-staging.localhost': ['10.244.0.1:8080', '10.244.0.6:8080', '10.244.0.7:8080'],
    });
  });

  it('have the number that their slice gives the named port, in both families, none twice', () => {
    const slices = [
      testSlice('web', ['10.244.0.2', '10.244.0.1']),
      testSlice('web', ['10.244.0.1']),
      testSlice('web', ['10.244.0.9'], [{ name: 'http', port: 9090 }]),
      testSlice('web', ['fd00::1']),
      testSlice('web', ['10.244.0.3'], [{ name: 'other', port: 7070 }]),
      testSlice('web', ['10.244.0.4'], [{ name: 'http', port: null }]),
      testSlice('web', ['10.244.0.5'], [{ name: 'http', port: 8080, protocol: 'UDP' }]),
      testSlice('other', ['10.244.0.6']),
      testSlice('web', ['10.244.0.7'], undefined, 'elsewhere'),
    ];
    expect(table([web], slices).endpoints).toEqual({
      'web-staging.localhost': ['10.244.0.1:8080', '10.244.0.2:8080', '10.244.0.9:9090', '[fd00::1]:8080'],
    });
  });

  it('of a headless service are routed to just so', () => {
    const headless = testService('web', { spec: { clusterIP: 'None' } });
    expect(table([headless], [testSlice('web', ['10.244.0.1'])]).endpoints).toEqual({
      'web-staging.localhost': ['10.244.0.1:8080'],
    });
  });

  it('at addresses that must not be reached are left out and reported, the others stay', () => {
    const addresses = [
      '127.0.0.1',
      '127.8.8.8',
      '::1',
      '169.254.169.254',
      'fe80::1',
      '0.0.0.0',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      'fe80::1%eth0',
      'example.com',
      '224.0.0.1',
      '10.123.0.1',
      '10.96.0.1',
      'fd00:0:0:0:0:0:0:6443',
      '10.244.0.1',
    ];
    const apiServer = testSlice(
      'kubernetes',
      ['10.123.0.1', 'fd00::6443'],
      [{ name: 'https', port: 6443 }],
      'default',
    );
    const { endpoints, refused, messages } = table(
      [web],
      [testSlice('web', addresses), apiServer],
      ['10.96.0.1'],
    );
    expect(endpoints).toEqual({ 'web-staging.localhost': ['10.244.0.1:8080'] });
    expect(new Set(refused.map(([, reason]) => reason))).toEqual(new Set(['AddressRefused']));
    expect(messages).toEqual([
      'no route leads to the endpoint 169.254.169.254: it is a link-local address',
      'no route leads to the endpoint 127.0.0.1: it is a loopback address',
      'no route leads to the endpoint 224.0.0.1: it is a multicast address',
      "no route leads to the endpoint 10.123.0.1: it is an API server's address",
      'no route leads to the endpoint ::ffff:127.0.0.1: it is an IPv4 address written as IPv6',
      'no route leads to the endpoint 0.0.0.0: it is an unspecified address',
      'no route leads to the endpoint example.com: it is no IP address',
    ]);
  });
});

describe('a table after another, of objects that were seen before', () => {
  const web = testService('web');
  const address = 'web-staging.localhost';
  const [one, two] = [testSlice('web', ['10.244.0.5']), testSlice('web', ['10.244.0.6'])];
  const found = (slices: ObservedEndpointSlice[], apiServers?: string[]) =>
    table([web], slices, apiServers).endpoints[address];

  it('has the endpoints of the slices of now', () => {
    expect(found([one])).toEqual(['10.244.0.5:8080']);
    expect(found([one, two])).toEqual(['10.244.0.5:8080', '10.244.0.6:8080']);
    expect(found([one])).toEqual(['10.244.0.5:8080']);
    expect(found([])).toEqual([]);
  });

  it('leads to no address that has become an API server, and to it again when it is none any more', () => {
    expect(found([one])).toEqual(['10.244.0.5:8080']);
    expect(found([one], ['10.244.0.5'])).toEqual([]);
    expect(found([one])).toEqual(['10.244.0.5:8080']);
  });

  it('has each port of a slice', () => {
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'rpc', port: 9000 },
    ];
    const slice = testSlice('web', ['10.244.0.5'], ports);
    const service = testService('web', { ports, publicPorts: 'http,rpc' });
    expect(table([service], [slice]).endpoints).toEqual({
      [address]: ['10.244.0.5:8080'],
      'web-rpc-staging.localhost': ['10.244.0.5:9000'],
    });
  });
});
