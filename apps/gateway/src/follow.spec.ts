import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Route, Table } from '@berth/routes';
import { Follower, type FollowOptions } from './follow';
import { NginxClient } from './nginx-client';
import { StandInNginx } from './testing-nginx';
import { testLog, testRoutes } from './testing-objects';
import { until } from './testing-until';

let folder: string;
let nginx: StandInNginx;
let client: NginxClient;
let stopping: AbortController;
let running: Promise<void> | undefined;
let wanted: Map<string, Route> | undefined;
let taken: Table[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  nginx = new StandInNginx(join(folder, 'admin.sock'));
  await nginx.listen();
  client = new NginxClient(nginx.socketPath);
  stopping = new AbortController();
  wanted = testRoutes({ a: ['10.0.0.1:80'] });
  taken = [];
});
afterEach(async () => {
  stopping.abort();
  await running;
  client.close();
  await nginx.close();
  rmSync(folder, { recursive: true });
});

function follow(options: Partial<FollowOptions> = {}): Follower {
  const follower = new Follower({
    wanted: () => wanted && { routes: wanted },
    nginx: client,
    onTaken: (table) => taken.push(table),
    log: testLog().log,
    pollMs: 60_000,
    retryMs: { first: 5, longest: 20 },
    ...options,
  });
  running = follower.run(stopping.signal);
  return follower;
}

function change(follower: Follower, hosts: Record<string, string[]>): void {
  wanted = testRoutes(hosts);
  follower.wake();
}

const hosts = () => Object.keys(nginx.routes).sort();
const sent = () => nginx.requests.map(({ method, body, status }) => [method, body.generation, status]);

describe('a follower', () => {
  it('sends the whole table first and then what changes, each under the next number', async () => {
    const follower = follow();
    await until(() => nginx.generation === 1);
    change(follower, { a: ['10.0.0.1:80'], b: ['10.0.0.2:80'] });
    await until(() => nginx.generation === 2);
    change(follower, { b: ['10.0.0.3:80'] });
    await until(() => nginx.generation === 3);
    expect(sent()).toEqual([
      ['PUT', 1, 200],
      ['PATCH', 2, 200],
      ['PATCH', 3, 200],
    ]);
    expect(nginx.requests[2]?.body).toMatchObject({ from: 2, set: { b: {} }, remove: ['a'] });
    expect(nginx.routes).toEqual(Object.fromEntries(wanted!));
    await until(() => taken.length === 3);
    expect(taken.map(({ generation }) => generation)).toEqual([1, 2, 3]);
    expect(follower.generation).toBe(3);
  });

  it('says how long a change took, from its first event on, also when it had to be tried again', async () => {
    const seconds: number[] = [];
    const follower = follow({ onServed: (found) => seconds.push(found) });
    await until(() => nginx.generation === 1);
    follower.wake();
    await until(() => follower.generation === 1);
    nginx.losesNextAnswer = true;
    let open!: () => void;
    nginx.gate = new Promise((resolve) => (open = resolve));
    change(follower, { b: [] });
    await until(() => nginx.generation === 2);
    const heldUp = performance.now();
    await until(() => performance.now() > heldUp + 50);
    open();
    await until(() => follower.generation === 3);
    // What was there at the start came without an event, and a wake without a change brought nothing.
    expect(seconds).toHaveLength(1);
    expect(seconds[0]).toBeGreaterThan(0.05);
    expect(seconds[0]).toBeLessThan(4);
  });

  it('looks at the hosts that are named to it, in a table that stays the same Map', async () => {
    const routes = testRoutes({ a: ['10.0.0.1:80'], b: ['10.0.0.2:80'], c: [] });
    let changed: string[] = ['a', 'b', 'c'];
    const follower = follow({ wanted: () => ({ routes, changed }) });
    await until(() => follower.generation === 1);
    const step = (hosts: Record<string, string[]>, gone: string[] = []) => {
      for (const [host, route] of testRoutes(hosts)) routes.set(host, route);
      for (const host of gone) routes.delete(host);
      changed = [...Object.keys(hosts), ...gone];
      follower.wake();
    };
    nginx.losesNextAnswer = true;
    step({ a: ['10.0.0.9:80'] }, ['b']);
    await until(() => follower.generation > 1 && nginx.requests.at(-1)?.method === 'PUT');
    expect(nginx.routes).toEqual(Object.fromEntries(routes));
    step({ d: [], a: ['10.0.0.9:80'] }, ['c', 'never']);
    await until(() => nginx.requests.at(-1)?.method === 'PATCH');
    expect(nginx.requests.at(-1)?.body).toMatchObject({ set: { d: {} }, remove: ['c'] });
    expect(Object.keys(nginx.requests.at(-1)!.body.set!)).toEqual(['d']);
    expect(nginx.routes).toEqual(Object.fromEntries(routes));
    await until(() => follower.routes.has('d'));
    expect(Object.fromEntries(follower.routes)).toEqual(Object.fromEntries(routes));
  });

  it('gives nginx an empty table too, so that it is ready', async () => {
    wanted = new Map();
    follow();
    await until(() => nginx.generation === 1);
  });

  it('sends nothing when nothing is other than before', async () => {
    const follower = follow({ pollMs: 5 });
    await until(() => follower.generation === 1);
    const asked = jest.spyOn(client, 'generation');
    follower.wake();
    await until(() => asked.mock.calls.length > 3);
    expect(sent()).toEqual([['PUT', 1, 200]]);
  });

  it('sends the first change at once and those that come meanwhile in one', async () => {
    const follower = follow();
    await until(() => follower.generation === 1);
    let open!: () => void;
    nginx.gate = new Promise((resolve) => (open = resolve));
    change(follower, { b: [] });
    await until(() => nginx.requests.length === 2);
    for (let number = 0; number < 100; number++) change(follower, { [`b${number}`]: [] });
    open();
    await until(() => follower.generation === 3);
    expect(hosts()).toEqual(['b99']);
    expect(sent()).toHaveLength(3);
  });

  it('leaves nginx alone while it does not know what is wanted', async () => {
    nginx.generation = 7;
    nginx.routes = Object.fromEntries(testRoutes({ old: [] }));
    wanted = undefined;
    const follower = follow();
    await until(() => follower.generation === 7);
    expect(sent()).toEqual([]);
    change(follower, { a: [] });
    await until(() => nginx.generation === 8);
    expect(hosts()).toEqual(['a']);
  });

  it('sends everything when nginx holds another table than the last', async () => {
    const follower = follow();
    await until(() => follower.generation === 1);
    nginx.generation = 40;
    change(follower, { b: [] });
    await until(() => follower.generation > 40);
    expect(sent()).toEqual([
      ['PUT', 1, 200],
      ['PATCH', 2, 409],
      ['PUT', 41, 200],
    ]);
    expect(hosts()).toEqual(['b']);
  });

  it('notices by itself that nginx was restarted without its table', async () => {
    const follower = follow({ pollMs: 5 });
    await until(() => follower.generation === 1);
    nginx.forget();
    await until(() => follower.generation === 2);
    expect(hosts()).toEqual(['a']);
  });

  it('waits for a socket that is not there yet, and for one that goes away', async () => {
    await nginx.close();
    const { log, lines } = testLog();
    const follower = follow({ log });
    await until(() => lines.some(({ level }) => level === 'warn'));
    expect(follower.generation).toBe(0);
    await nginx.listen();
    await until(() => follower.generation === 1);
    await nginx.close();
    change(follower, { b: [] });
    await until(() => follower.generation === 0);
    await nginx.listen();
    await until(() => hosts()[0] === 'b');
  });

  it.each(['PUT', 'PATCH'])(
    'takes a %s without answer for unsure, and its number for used',
    async (method) => {
      if (method === 'PUT') nginx.losesNextAnswer = true;
      const follower = follow();
      if (method === 'PATCH') {
        await until(() => follower.generation === 1);
        nginx.losesNextAnswer = true;
        change(follower, { b: [] });
      }
      await until(() => nginx.requests.at(-1)?.method === 'PUT' && follower.generation > 1);
      const numbers = sent().map(([, generation]) => generation);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(nginx.routes).toEqual(Object.fromEntries(wanted!));
    },
  );

  it('ends at the signal and leaves nginx its table', async () => {
    const follower = follow();
    await until(() => follower.generation === 1);
    stopping.abort();
    await running;
    change(follower, {});
    expect(hosts()).toEqual(['a']);
  });
});

describe('a follower with a snapshot', () => {
  const snapshot = { generation: 5, routes: testRoutes({ a: ['10.0.0.1:80'] }) };

  it('goes on from it when nginx loaded the same', async () => {
    Object.assign(nginx, { generation: 5, routes: Object.fromEntries(snapshot.routes) });
    const follower = follow({ snapshot });
    await until(() => follower.generation === 5);
    change(follower, { a: ['10.0.0.1:80'], b: [] });
    await until(() => follower.generation === 6);
    expect(sent()).toEqual([['PATCH', 6, 200]]);
  });

  it.each([0, 4, 9])(
    'sends it under a new number when nginx holds %d, also while the API is away',
    async (held) => {
      nginx.generation = held;
      wanted = undefined;
      const follower = follow({ snapshot });
      await until(() => follower.generation === Math.max(held, 5) + 1);
      expect(hosts()).toEqual(['a']);
    },
  );
});
