/* Only tests use this: the admin socket of the real nginx, and what becomes of its table. */
import { statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { tableText, type Route } from '@berth/routes';
import { refusedAddress, routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { routeHolderContract } from './testing-holder-contract';
import { ask } from './testing-request';
import { tableBody } from './testing-table-body';

interface AdminAnswer {
  status: number;
  body: { generation?: number; routes?: number; error?: string };
}

export function tableSuite(gateway: () => TestGateway): void {
  let endpoint: TestEndpoint;
  beforeAll(async () => (endpoint = await TestEndpoint.start(gateway().hostAddress)));
  afterAll(() => endpoint.close());

  function send(method: string, body?: string, path = '/table'): Promise<AdminAnswer> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        { socketPath: gateway().socket, method, path, agent: false },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () =>
            resolve({
              status: response.statusCode!,
              body: text.startsWith('{') ? (JSON.parse(text) as AdminAnswer['body']) : {},
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  async function held(): Promise<AdminAnswer['body']> {
    return (await send('GET')).body;
  }

  async function statusOf(host: string): Promise<number> {
    return (await ask(gateway().httpPort, host)).status;
  }

  async function restart(): Promise<void> {
    await gateway().signal('KILL');
    await gateway().exitCode();
    await gateway().startAgain();
  }

  async function readiness(): Promise<number> {
    return (await ask(gateway().healthPort, 'health', { path: '/readyz' })).status;
  }

  async function forget(): Promise<void> {
    writeFileSync(gateway().snapshot, '');
    await restart();
  }

  describe('as the controller knows it', () => {
    routeHolderContract(() => ({
      holder: gateway().admin,
      count: async () => (await held()).routes ?? -1,
      forget,
    }));
  });

  it('is ready when it has a table, be it empty, and alive before', async () => {
    await forget();
    expect(await readiness()).toBe(503);
    expect((await ask(gateway().healthPort, 'health', { path: '/healthz' })).status).toBe(200);
    await gateway().serve({});
    expect(await readiness()).toBe(200);
  });

  it('opens its admin socket to its own user only', () => {
    expect((statSync(gateway().socket).mode & 0o777).toString(8)).toBe('600');
  });

  it('serves a route from the moment it is set until it is removed, by the same workers', async () => {
    await gateway().serve({});
    const workers = await gateway().workers();
    expect(workers).toHaveLength(2);
    for (let round = 0; round < 20; round++) {
      await gateway().change({ 'new.localhost': routeTo([endpoint.address]) });
      expect(await statusOf('new.localhost')).toBe(200);
      await gateway().change({}, ['new.localhost']);
      expect(await statusOf('new.localhost')).toBe(404);
    }
    expect(await gateway().workers()).toEqual(workers);
  });

  it('leads to the endpoints of now, not to those that a worker remembers', async () => {
    const away = await refusedAddress(gateway().hostAddress);
    for (let round = 0; round < 10; round++) {
      await gateway().serve({ 'web.localhost': routeTo([away]) });
      expect(await statusOf('web.localhost')).toBe(502);
      await gateway().change({ 'web.localhost': routeTo([endpoint.address]) });
      expect(await statusOf('web.localhost')).toBe(200);
    }
  });

  describe('refuses, and changes nothing by,', () => {
    const good = routeTo(['10.0.0.1:80']);
    const routes = (value: unknown) => tableBody({ generation: 99 }, 'routes', value);
    const route = (more: object) => routes({ 'good.localhost': good, 'bad.localhost': { ...good, ...more } });
    const change = ({
      set = { 'good.localhost': good },
      ...more
    }: {
      set?: object;
      [field: string]: unknown;
    }) => tableBody({ from: 7, generation: 99, remove: ['web.localhost'], ...more }, 'set', set);
    const two = routes({ 'good.localhost': good, 'other.localhost': good });
    const bad: [what: string, method: string, body: string, status: number][] = [
      ['a body that is no JSON', 'PUT', '{"generation":99', 400],
      ['an empty body', 'PUT', '', 400],
      ['JSON that is no object', 'PUT', '7', 400],
      ['a table without a number', 'PUT', '{"routes":{\n}}', 400],
      ['a number that is none', 'PUT', '{"generation":1.5,"routes":{\n}}', 400],
      ['a table without routes', 'PUT', '{"generation":99}', 400],
      ['a list of routes', 'PUT', routes([good]), 400],
      ['routes that share a line', 'PUT', two.replace(/,\n/g, ','), 400],
      ['routes of which one is on the first line', 'PUT', two.replace('\n', ''), 400],
      ['routes with no comma between', 'PUT', two.replace(/,\n/g, '\n'), 400],
      ['a comma after the last route', 'PUT', two.replace('\n}}', ',\n}}'), 400],
      ['a host twice', 'PUT', two.replace('other', 'good'), 400],
      ['a table that is cut off', 'PUT', two.slice(0, -2), 400],
      ['a table that is cut off in a route', 'PUT', two.slice(0, -10), 400],
      ['a table with more after its end', 'PUT', `${two}\n{}`, 400],
      ['a route with more after its end', 'PUT', two.replace('}\n}}', '}{}\n}}'), 400],
      ['a field that no route has', 'PUT', route({ hsts: 'max-age=1' }), 400],
      ['a host in capitals', 'PUT', routes({ 'Web.localhost': good }), 400],
      ['a host with a space', 'PUT', routes({ 'web.localhost x': good }), 400],
      ['a route that is none', 'PUT', routes({ 'web.localhost': 'good' }), 400],
      ['a route to a name', 'PUT', route({ endpoints: ['example.com:80'] }), 400],
      ['a route to no port', 'PUT', route({ endpoints: ['10.0.0.1'] }), 400],
      ['a route to port 65536', 'PUT', route({ endpoints: ['10.0.0.1:65536'] }), 400],
      ['a service that is no name', 'PUT', route({ service: 'web"' }), 400],
      ['an environment of two words', 'PUT', route({ environment: 'a b' }), 400],
      ['endpoints that are an object', 'PUT', route({ endpoints: { first: '10.0.0.1:80' } }), 400],
      ['an unknown protocol', 'PUT', route({ protocol: 'ftp' }), 400],
      ['a size that is none', 'PUT', route({ proxy: { bodySize: 'much' } }), 400],
      ['a timeout that is none', 'PUT', route({ proxy: { readTimeout: '5' } }), 400],
      ['a path that is none', 'PUT', route({ proxy: { path: 'api' } }), 400],
      ['a redirect to elsewhere', 'PUT', route({ proxy: { redirect: 'https://evil' } }), 400],
      ['seconds of HSTS that are none', 'PUT', route({ proxy: { hsts: '1; preload' } }), 400],
      ['seconds of HSTS below 0', 'PUT', route({ proxy: { hsts: -1 } }), 400],
      ['a table of more than 8 MB', 'PUT', `${routes({})}${' '.repeat(8 * 1024 * 1024)}`, 413],
      ['a change without a base', 'PATCH', change({ from: undefined }), 400],
      ['a change of another table', 'PATCH', change({ from: 6 }), 409],
      ['a change into an older table', 'PATCH', change({ generation: 7 }), 409],
      ['a change with a bad route', 'PATCH', change({ set: { 'bad.localhost': {} } }), 400],
      ['a change that removes no hosts', 'PATCH', change({ remove: [7] }), 400],
      ['a change that removes nothing', 'PATCH', change({ remove: undefined }), 400],
      ['a table that was overtaken', 'PUT', routes({}).replace('99', '7'), 409],
      ['another method', 'DELETE', '', 405],
    ];
    beforeAll(async () => {
      await forget();
      const routes = new Map([['web.localhost', routeTo([endpoint.address])]]);
      expect((await send('PUT', tableText({ generation: 7, routes }))).status).toBe(200);
    });
    it.each(bad)('%s', async (_, method, body, status) => {
      const answer = await send(method, body);
      expect(answer.status).toBe(status);
      if (status === 409) expect(answer.body.generation).toBe(7);
      expect(await held()).toEqual({ generation: 7, routes: 1 });
      expect(await statusOf('web.localhost')).toBe(200);
      expect(await statusOf('good.localhost')).toBe(404);
    });
  });

  it('refuses routes that do not fit into its memory, keeps what it has, and goes on', async () => {
    await forget();
    const addresses = Array.from({ length: 2000 }, (_, index) => `10.0.${index >> 8}.${index & 255}:8080`);
    const large = routeTo(addresses, { proxy: { path: '/none' } });
    const many = (round: number) =>
      Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`large-${round}-${index}`, large]));
    await gateway().serve({ 'web.localhost': routeTo([endpoint.address]) });
    let before = await held();
    let problem: unknown;
    let round = 0;
    while (round < 20 && !problem) {
      before = await held();
      await gateway()
        .change(many(++round))
        .catch((error: unknown) => (problem = error));
    }
    expect(String(problem)).toMatch(/507.*no memory/);
    expect(await held()).toEqual(before);
    for (const host of Object.keys(many(round))) {
      expect((await ask(gateway().httpPort, host)).body).toContain('No service has this host');
    }
    expect(await statusOf('web.localhost')).toBe(200);
    await gateway().serve({ 'web.localhost': routeTo([endpoint.address]) });
    expect((await held()).routes).toBe(1);
  }, 60_000);

  it('serves its snapshot at once after kill -9, with nobody to give it the routes', async () => {
    const routes = new Map([['web.localhost', routeTo([endpoint.address])]]);
    const since = new Map([['web.localhost', '2026-01-01T00:00:00.000Z']]);
    const table = { generation: 70, routes, since };
    writeFileSync(gateway().snapshot, tableText(table));
    await restart();
    expect(await statusOf('web.localhost')).toBe(200);
    expect(await held()).toEqual({ generation: 70, routes: 1 });
    expect(await readiness()).toBe(200);
  });

  it.each(['', '{"generation":8', '{"generation":8,"routes":{\n"web.localhost":{}\n}}', 'null'])(
    'starts without a table when the snapshot is %j',
    async (text) => {
      writeFileSync(gateway().snapshot, text);
      await restart();
      expect(await held()).toEqual({ generation: 0, routes: 0 });
      expect(await statusOf('web.localhost')).toBe(404);
    },
  );

  it('answers on when its pod leaves, each time as the last of the connection', async () => {
    await forget();
    await gateway().serve({ 'web.localhost': routeTo([endpoint.address]) });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const asked = async (host: string, options = {}) => {
      const { status, headers, body } = await ask(gateway().httpPort, host, { agent, ...options });
      return { status, connection: headers.connection, body };
    };
    expect(await asked('web.localhost')).toMatchObject({ status: 200, connection: 'keep-alive' });
    expect((await send('GET', undefined, '/leaving')).status).toBe(405);
    expect(await asked('web.localhost')).toMatchObject({ connection: 'keep-alive' });
    await gateway().admin.leave();
    const posted = await asked('web.localhost', {
      method: 'POST',
      path: '/a?b=c',
      body: 'x'.repeat(100_000),
    });
    expect(posted).toMatchObject({ status: 200, connection: 'close' });
    expect(JSON.parse(posted.body)).toMatchObject({
      method: 'POST',
      url: '/a?b=c',
      body: 'x'.repeat(100_000),
    });
    expect(await asked('nobody.localhost')).toMatchObject({
      status: 404,
      connection: 'close',
      body: 'No service has this host.\n',
    });
    agent.destroy();
    await forget();
  });

  it.each([
    ['read', 20],
    ['write', 70],
  ])(
    'has the old table or the new one when its workers are killed as they %s',
    async (_, delayMs) => {
      const routes: Record<string, Route> = {};
      for (let index = 0; index < 30_000; index++)
        routes[`route-${index}.localhost`] = routeTo(['10.0.0.1:80']);
      writeFileSync(
        join(gateway().folder, 'large.json'),
        tableText({ generation: 200, routes: new Map(Object.entries(routes)) }),
      );
      await forget();
      await gateway().serve({ 'web.localhost': routeTo([endpoint.address]) });
      const before = await held();
      await gateway().node(killWorkers(delayMs));
      const after = await held();
      expect([1, 30_000]).toContain(after.routes);
      expect([before.generation, 200, 0]).toContain(after.generation);
      expect(await statusOf('web.localhost')).toBe(after.routes === 1 ? 200 : 404);
      const last = new Map([['web.localhost', routeTo([endpoint.address])]]);
      const next = tableText({ generation: 300, routes: last });
      let answer = await send('PUT', next);
      for (const limit = Date.now() + 15_000; answer.status === 503 && Date.now() < limit;) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        answer = await send('PUT', next);
      }
      expect(answer).toEqual({ status: 200, body: { generation: 300, routes: 1 } });
      expect(await statusOf('web.localhost')).toBe(200);
    },
    60_000,
  );
}

/** Runs in the container, next to nginx: sends a large table, and kills the workers a moment after it was sent. */
const killWorkers = (delayMs: number) => `
  const fs = require('fs'), http = require('http');
  const body = fs.readFileSync('/run/gateway/large.json');
  const workers = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).filter((pid) => {
    try { return fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').startsWith('nginx: worker'); } catch { return false; }
  });
  const request = http.request({ socketPath: '/run/gateway/admin.sock', path: '/table', method: 'PUT',
    headers: { 'content-length': body.length } }, (response) => response.resume());
  request.on('error', () => undefined);
  request.on('finish', () => setTimeout(() => workers.forEach((pid) => process.kill(Number(pid), 'SIGKILL')), ${delayMs}));
  request.end(body);
`;
