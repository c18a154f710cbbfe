import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { until as untilHolds } from '@berth/exec/src/testing-until';
import { Dockerd } from './dockerd';
import { ReaderClient } from './reader-client';
import { createReader } from './reader-server';

interface Found {
  names: string[];
}

const until = (holds: () => boolean) => untilHolds(holds, Boolean, 4_000, 5);

describe('the reader of dockerd', () => {
  let folder: string;
  let dockerd: http.Server;
  let reader: http.Server;
  let api: ReaderClient<Found>;
  let questions: string[];
  let answer: unknown;
  let status: number;
  let streams: http.ServerResponse[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dockerd-'));
    questions = [];
    streams = [];
    status = 200;
    answer = [{ Name: 'web', Env: ['PASSWORD=secret'] }];
    dockerd = http.createServer((request, response) => {
      const { pathname } = new URL(request.url!, 'http://docker');
      questions.push(`${request.method} ${decodeURIComponent(request.url!)}`);
      response.writeHead(status, { 'content-type': 'application/json' });
      if (pathname !== '/events') return void response.end(JSON.stringify(answer));
      response.flushHeaders();
      streams.push(response);
    });
    const socket = join(folder, 'docker.sock');
    await new Promise<void>((resolve) => dockerd.listen(socket, resolve));
    const asked = new Dockerd(socket);
    const source = {
      state: async (): Promise<Found> => ({
        names: (await asked.list<{ Name: string }>('/services', { label: ['a=b'] })).map(({ Name }) => Name),
      }),
      follow: (onEvent: () => void, signal: AbortSignal) =>
        asked.follow(['service', 'container'], onEvent, signal),
    };
    reader = createReader(source, 10);
    await new Promise<void>((resolve) => reader.listen(0, '127.0.0.1', resolve));
    api = new ReaderClient(`http://127.0.0.1:${(reader.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    api.close();
    for (const server of [reader, dockerd]) {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }
    rmSync(folder, { recursive: true });
  });

  it('tells what it makes of the answers to its own questions', async () => {
    expect(await api.state()).toEqual({ names: ['web'] });
    expect(questions).toEqual(['GET /services?filters={"label":["a=b"]}']);
  });

  it('asks dockerd its own questions only, whatever it is asked', async () => {
    const port = (reader.address() as AddressInfo).port;
    const ask = (path: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${port}${path}`, { method }).then((response) => response.status);
    for (const path of [
      '/secrets',
      '/services',
      '/v1.41/services',
      '/state/../secrets',
      '/state?filters={}',
      '//',
    ])
      expect([path, await ask(path)]).toEqual([path, 404]);
    for (const method of ['POST', 'DELETE', 'PUT']) expect(await ask('/state', method)).toBe(405);
    expect(questions).toEqual([]);
  });

  it('says why when dockerd does not', async () => {
    status = 503;
    answer = { message: 'no leader' };
    await expect(api.state()).rejects.toThrow(/dockerd answered 503: .*no leader/);
    status = 200;
    await expect(api.state()).rejects.toThrow('dockerd answered no list at /services');
  });

  it('asks dockerd once for all who ask meanwhile, and again for who asked after it began', async () => {
    await Promise.all([api.state(), api.state()]);
    expect(questions.length).toBeLessThanOrEqual(2);
    answer = [];
    expect(await api.state()).toEqual({ names: [] });
  });

  it('passes on that something has happened, and not what', async () => {
    const stopping = new AbortController();
    let told = 0;
    const following = api.follow(() => told++, stopping.signal);
    await until(() => streams.length === 1);
    expect(questions[0]).toContain('"type":["service","container"]');
    streams[0]!.write('{"Type":"service","Action":"update"}\n');
    await until(() => told === 1);
    streams[0]!.end();
    await expect(following).rejects.toThrow('the events have ended');
  });

  it('lets go of dockerd’s events when who asked for them is gone', async () => {
    const stopping = new AbortController();
    const following = api.follow(() => undefined, stopping.signal);
    await until(() => streams.length === 1);
    const closed = new Promise((resolve) => streams[0]!.on('close', resolve));
    stopping.abort();
    await expect(following).rejects.toThrow();
    await closed;
  });
});
