import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createStatusServer, type Status } from './status-server';
import { testRoutes } from './testing-objects';

let server: Server;
let status: Status;
let metrics: () => Promise<string>;
beforeEach(async () => {
  const certificate = { names: ['*.localhost'], notAfter: '2027-01-01T00:00:00.000Z', source: 'gateway-tls' };
  status = {
    generation: 3,
    listed: true,
    routes: testRoutes({ a: ['10.0.0.1:80'], b: [] }),
    since: new Map([['a', '2026-01-01T00:00:00.000Z']]),
    refused: [],
    certificates: [certificate],
  };
  metrics = () => Promise.resolve('routes 2\n');
  server = createStatusServer(
    () => status,
    () => metrics(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ask = (path: string, init?: RequestInit) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);

describe('the status server', () => {
  it('is alive always and ready with a table in nginx', async () => {
    expect((await ask('/readyz')).status).toBe(200);
    status.generation = 0;
    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/healthz')).status).toBe(200);
  });

  it('shows the routes, since when they are served, what is refused, and the certificates', async () => {
    expect(await (await ask('/routes?x')).json()).toEqual({
      generation: 3,
      listed: true,
      routes: {
        a: { ...status.routes.get('a'), since: '2026-01-01T00:00:00.000Z' },
        b: status.routes.get('b'),
      },
      refused: [],
      certificates: status.certificates,
    });
  });

  it('shows the metrics, and says when it cannot', async () => {
    const shown = await ask('/metrics');
    expect([shown.headers.get('content-type'), await shown.text()]).toEqual([
      'text/plain; version=0.0.4; charset=utf-8',
      'routes 2\n',
    ]);
    metrics = () => Promise.reject(new Error('broken'));
    const failed = await ask('/metrics');
    expect([failed.status, await failed.json()]).toEqual([500, { error: 'broken' }]);
  });

  it('answers nothing else', async () => {
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/routes', { method: 'POST' })).status).toBe(405);
  });
});
