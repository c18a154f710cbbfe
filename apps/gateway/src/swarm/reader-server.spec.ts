import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { until } from '../testing-until';
import { SwarmApi } from './api';
import { Dockerd } from './dockerd';
import { createReader } from './reader-server';

const labels = {
  'berth.dev/environment': 'staging',
  'berth.dev/public': 'true',
  'berth.dev/note': 'a note',
};
const service = {
  ID: 'web1',
  CreatedAt: '2026-01-01T00:00:00Z',
  Spec: {
    Name: 'staging_web',
    Labels: labels,
    TaskTemplate: { ContainerSpec: { Env: ['PASSWORD=secret'], Secrets: [{ SecretName: 'secret' }] } },
  },
};
const task = (State: string, more: object = {}) => ({
  ServiceID: 'web1',
  Status: { State },
  Spec: { ContainerSpec: { Env: ['PASSWORD=secret'] } },
  NetworksAttachments: [
    { Network: { Spec: { Name: 'staging_default' } }, Addresses: ['10.0.2.5/24'] },
    { Network: { Spec: { Name: 'berth-admin' } }, Addresses: ['10.0.1.5/24'] },
  ],
  ...more,
});

describe('the reader of dockerd', () => {
  let folder: string;
  let dockerd: http.Server;
  let reader: http.Server;
  let api: SwarmApi;
  let questions: string[];
  let answers: Record<string, unknown>;
  let status: number;
  let streams: http.ServerResponse[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dockerd-'));
    questions = [];
    streams = [];
    status = 200;
    answers = { '/services': [service], '/tasks': [task('running')] };
    dockerd = http.createServer((request, response) => {
      const { pathname } = new URL(request.url!, 'http://docker');
      questions.push(`${request.method} ${decodeURIComponent(request.url!)}`);
      response.writeHead(status, { 'content-type': 'application/json' });
      if (pathname !== '/events') return void response.end(JSON.stringify(answers[pathname]));
      response.flushHeaders();
      streams.push(response);
    });
    const socket = join(folder, 'docker.sock');
    await new Promise<void>((resolve) => dockerd.listen(socket, resolve));
    reader = createReader(new Dockerd(socket), 10);
    await new Promise<void>((resolve) => reader.listen(0, '127.0.0.1', resolve));
    api = new SwarmApi(`http://127.0.0.1:${(reader.address() as AddressInfo).port}`);
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

  it('tells of services and tasks what routes come from, and nothing else', async () => {
    const { 'berth.dev/note': _note, ...told } = labels;
    expect(await api.state()).toEqual({
      services: [{ id: 'web1', name: 'staging_web', createdAt: '2026-01-01T00:00:00Z', labels: told }],
      tasks: [{ service: 'web1', runs: true, address: '10.0.1.5' }],
      isMoving: false,
    });
    expect(questions.sort()).toEqual([
      'GET /services?filters={"label":["berth.dev/environment"]}',
      'GET /tasks?filters={"label":["berth.dev/environment"],"desired-state":["running","ready"]}',
    ]);
  });

  it.each([
    ['a task starts', [task('running'), task('starting')], {}, [true, false], true],
    ['a service is updated', [task('running')], { UpdateStatus: { State: 'updating' } }, [true], true],
    ['a task has failed', [task('running'), task('failed')], {}, [true], true],
    ['all is still', [task('running')], { UpdateStatus: { State: 'completed' } }, [true], false],
    ['a task is of another service', [task('starting', { ServiceID: 'other' })], {}, [], false],
    ['a task has no network yet', [task('running', { NetworksAttachments: null })], {}, [true], false],
  ])('says whether it will be other in a moment: %s', async (_what, tasks, more, runs, isMoving) => {
    answers = { '/services': [{ ...service, ...more }], '/tasks': tasks };
    const state = await api.state();
    expect([state.tasks.map((each) => each.runs), state.isMoving]).toEqual([runs, isMoving]);
  });

  it('asks dockerd its own questions only, whatever it is asked', async () => {
    const port = (reader.address() as AddressInfo).port;
    const ask = (path: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${port}${path}`, { method }).then((answer) => answer.status);
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
    answers = { '/services': { message: 'no leader' }, '/tasks': { message: 'no leader' } };
    await expect(api.state()).rejects.toThrow(/dockerd answered 503: .*no leader/);
  });

  it('asks dockerd once for all who ask meanwhile, and again for who asked after it began', async () => {
    await Promise.all([api.state(), api.state()]);
    const asked = questions.length;
    expect(asked).toBeLessThanOrEqual(4);
    answers['/services'] = [];
    expect((await api.state()).services).toEqual([]);
  });

  it('passes on that something has happened, and not what', async () => {
    const stopping = new AbortController();
    let told = 0;
    const following = api.follow(() => told++, stopping.signal);
    await until(() => streams.length === 1);
    expect(questions[0]).toContain('"type":["service","node","container"]');
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
