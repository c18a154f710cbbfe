/* Only tests use this: what the real nginx counts. */
import { once } from 'node:events';
import http from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { refusedAddress, routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { ask } from './testing-request';
import { until } from './testing-until';

export function metricsSuite(gateway: () => TestGateway): void {
  const closers: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  /** An endpoint that answers with the status in the path. */
  const start = async (): Promise<TestEndpoint> => {
    const endpoint = await TestEndpoint.start(gateway().hostAddress, (request, response) => {
      response.statusCode = Number(request.url!.slice(1)) || 200;
      response.end();
    });
    closers.push(() => endpoint.close());
    return endpoint;
  };
  const send = (host: string, path = '/', headers = {}) =>
    ask(gateway().httpPort, host, { path, headers: { host, ...headers } });
  const value = async (name: string) => (await gateway().metrics()).get(`berth_gateway_${name}`);
  const labels = (host: string, more = '') =>
    `{environment="staging",service="web",host="${host}"${more && `,${more}`}}`;
  const series = async (host: string) =>
    [...(await gateway().metrics()).keys()].filter((name) => name.includes(`host="${host}"`));

  it('are text that Prometheus reads', async () => {
    const { headers, body } = await ask(gateway().metricsPort, 'metrics', { path: '/metrics' });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const sample = /^[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? \d+(\.\d+)?$/;
    const lines = body.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(line).toMatch(/^# (HELP|TYPE) berth_gateway_/.test(line) ? /./ : sample);
    const heads = lines.filter((line) => line.startsWith('# TYPE'));
    expect(new Set(heads).size).toBe(heads.length);
    expect((await ask(gateway().metricsPort, 'metrics', { path: '/' })).status).toBe(404);
  });

  it('count requests by service and class, and the time they took', async () => {
    const { address } = await start();
    const host = 'counted.localhost';
    await gateway().serve({ [host]: routeTo([address]) });
    for (const path of ['/200', '/204', '/301', '/404', '/404', '/500']) await send(host, path);
    const count = `request_seconds_count${labels(host)}`;
    await until(
      () => value(count),
      (found) => found === 6,
    );
    const found = await gateway().metrics();
    const requests = (status: string) =>
      found.get(`berth_gateway_requests_total${labels(host, `class="${status}"`)}`);
    expect(['1xx', '2xx', '3xx', '4xx', '5xx'].map(requests)).toEqual([undefined, 2, 1, 2, 1]);
    const buckets = [...found].filter(([name]) => name.startsWith(`berth_gateway_request_seconds_bucket`));
    const own = buckets.filter(([name]) => name.includes(host)).map(([, number]) => number);
    expect(own).toHaveLength(12);
    expect(own).toEqual([...own].sort((one, other) => one - other));
    expect(own.at(-1)).toBe(6);
    expect(found.get(`berth_gateway_request_seconds_sum${labels(host)}`)).toBeLessThan(60);
  });

  it('miss no request when more routes are asked for in a second than a worker counts for at once', async () => {
    const { address } = await start();
    const hosts = Array.from({ length: 2500 }, (_, index) => `many-${index}.localhost`);
    await gateway().serve(Object.fromEntries(hosts.map((host) => [host, routeTo([address])])));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    await Promise.all(
      hosts.map((host) => ask(gateway().httpPort, host, { agent, path: '/200', headers: { host } })),
    );
    agent.destroy();
    const requests = async () => {
      const found = await gateway().metrics();
      return hosts.map((host) => found.get(`berth_gateway_requests_total${labels(host, 'class="2xx"')}`));
    };
    await until(requests, (counts) => counts.every((count) => count === 1));
    await gateway().serve({});
  });

  it('add up what was counted of requests on the short way and of others', async () => {
    const { address } = await start();
    const host = 'both.localhost';
    await gateway().serve({ [host]: routeTo([address]) });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    const others = { 'x-request-id': 'one' };
    // More than 127 of each, which is the most that one byte says; and twice, since the second are added to the first.
    for (const sum of [300, 600]) {
      const requests = Array.from({ length: 300 }, (_, index) =>
        ask(gateway().httpPort, host, {
          agent,
          path: '/200',
          headers: { host, ...(index % 2 ? others : {}) },
        }),
      );
      await Promise.all(requests);
      await until(
        () => value(`requests_total${labels(host, 'class="2xx"')}`),
        (found) => found === sum,
      );
    }
    agent.destroy();
    expect(await value(`request_seconds_count${labels(host)}`)).toBe(600);
  });

  it('forget a route that goes, and begin anew when it comes to another service', async () => {
    const { address } = await start();
    const host = 'gone.localhost';
    await gateway().serve({ [host]: routeTo([address]) });
    await send(host);
    await until(async () => (await series(host)).length);
    await gateway().change({ [host]: routeTo([address], { service: 'other' }) });
    expect(await series(host)).toEqual([]);
    await send(host);
    await until(async () => (await series(host)).length);
    expect((await series(host)).every((name) => name.includes('service="other"'))).toBe(true);
    await gateway().change({}, [host]);
    expect(await series(host)).toEqual([]);
  });

  it('make no series of hosts that have no route', async () => {
    await gateway().serve({});
    const refused = 'refused_requests_total{reason="unknown_host"}';
    const before = (await value(refused)) ?? 0;
    for (let index = 0; index < 30; index++) await send(`stranger-${index}.localhost`);
    expect(await value(refused)).toBe(before + 30);
    expect([...(await gateway().metrics()).keys()].join('\n')).not.toContain('stranger');
  });

  it('count what was refused, and tries in vain', async () => {
    const host = 'vain.localhost';
    await gateway().serve({ [host]: routeTo([]) });
    const refused = 'refused_requests_total{reason="no_endpoints"}';
    const before = (await value(refused)) ?? 0;
    await send(host);
    expect(await value(refused)).toBe(before + 1);
    const away = [await refusedAddress(gateway().hostAddress), await refusedAddress(gateway().hostAddress)];
    await gateway().serve({ [host]: routeTo(away) });
    await send(host);
    await until(
      () => value(`endpoint_failures_total${labels(host)}`),
      (found) => found === 2,
    );
    // The other worker may tell of its request a second later.
    await until(
      () => value(`requests_total${labels(host, 'class="5xx"')}`),
      (found) => found === 2,
    );
  });

  it('know the table, and how many websockets are open', async () => {
    const endpoint = await TestEndpoint.start(gateway().hostAddress);
    const server = new WebSocketServer({ server: endpoint.server });
    closers.push(
      () => endpoint.close(),
      () => server.clients.forEach((client) => client.terminate()),
    );
    const away = await refusedAddress(gateway().hostAddress);
    await gateway().serve({ 'ws.localhost': routeTo([endpoint.address]), 'away.localhost': routeTo([away]) });
    expect(await value('nginx_routes')).toBe(2);
    expect(await value('nginx_generation')).toBe(await gateway().admin.generation());
    await until(
      () => value('websockets_open'),
      (found) => found === 0,
    );
    const connect = (host: string) =>
      new WebSocket(`ws://127.0.0.1:${gateway().httpPort}/`, { headers: { host } });
    const sockets = [connect('ws.localhost'), connect('ws.localhost'), connect('ws.localhost')];
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    expect(await value('websockets_open')).toBe(3);
    const refused = connect('away.localhost');
    await once(refused, 'error');
    await until(
      () => value('websockets_open'),
      (found) => found === 3,
    );
    for (const socket of sockets) socket.close();
    await until(
      () => value('websockets_open'),
      (found) => found === 0,
    );
  });

  it('are not to be had where the services are', async () => {
    const endpoint = await TestEndpoint.start(gateway().hostAddress);
    closers.push(() => endpoint.close());
    await gateway().serve({ 'web.localhost': routeTo([endpoint.address]) });
    expect((await send('nobody.localhost', '/metrics')).status).toBe(404);
    await send('web.localhost', '/metrics');
    expect(endpoint.seen.map(({ url }) => url)).toEqual(['/metrics']);
  });
}
