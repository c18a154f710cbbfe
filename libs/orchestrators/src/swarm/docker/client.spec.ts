import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerClient } from './client';

const noLeader = 'rpc error: code = Unknown desc = The swarm does not have a leader.';
let folder: string;
let server: Server;
/** What each path answers, one after the other. */
const answers = new Map<string, [status: number, body: object][]>();
const asked: string[] = [];
/** Versions of the API that were asked for. */
const spoken: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-client-'));
  asked.length = 0;
  server = createServer(({ method, url = '' }, response) => {
    const path = url.replace(/^\/v[\d.]+/, '');
    spoken.push(/^\/v([\d.]+)/.exec(url)?.[1] ?? '');
    if (path !== '/version') asked.push(`${method} ${path}`);
    const [status, body] = answers.get(path)?.shift() ?? [200, { ApiVersion: '1.41' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(join(folder, 'docker.sock'), listening));
});
afterEach(async () => {
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true });
});

it('asks again, also for what is not done twice, while the managers choose a leader', async () => {
  const said: string[] = [];
  const address = `unix://${join(folder, 'docker.sock')}`;
  const client = new DockerClient({ address, onRetry: (message) => said.push(message) });
  const leaderless: [number, object] = [503, { message: noLeader }];
  answers.set('/services/create', [leaderless, leaderless, [201, { ID: 'one' }]]);
  expect(await client.post('/services/create', { body: {} })).toEqual({ ID: 'one' });
  expect(asked).toEqual(Array.from({ length: 3 }, () => 'POST /services/create'));
  expect(said).toEqual([`${address}: the managers of the Swarm choose a leader`]);
  client.close();
});

it('does not ask again for what was refused', async () => {
  const client = new DockerClient({ address: `unix://${join(folder, 'docker.sock')}` });
  answers.set('/services/create', [[500, { message: 'rpc error: code = Unavailable' }]]);
  await expect(client.post('/services/create', { body: {} })).rejects.toThrow('Unavailable');
  expect(asked).toHaveLength(1);
  client.close();
});

it.each([
  { dockerd: '20.10', ApiVersion: '1.41', MinAPIVersion: '1.12', asks: '1.41' },
  { dockerd: '29.8', ApiVersion: '1.56', MinAPIVersion: '1.40', asks: '1.44' },
  {
    dockerd: 'one that refuses what Berth was written for',
    ApiVersion: '1.60',
    MinAPIVersion: '1.50',
    asks: '1.50',
  },
  { dockerd: 'one of more digits', ApiVersion: '1.100', MinAPIVersion: undefined, asks: '1.44' },
])('asks $dockerd in version $asks of its API', async ({ ApiVersion, MinAPIVersion, asks }) => {
  const client = new DockerClient({ address: `unix://${join(folder, 'docker.sock')}` });
  answers.set('/version', [[200, { ApiVersion, MinAPIVersion }]]);
  await client.get('/info');
  expect(spoken.at(-1)).toBe(asks);
  client.close();
});

it('says of a dockerd that is too old which one it needs', async () => {
  const client = new DockerClient({ address: `unix://${join(folder, 'docker.sock')}` });
  answers.set('/version', [[200, { ApiVersion: '1.40', MinAPIVersion: '1.12' }]]);
  await expect(client.get('/info')).rejects.toThrow('Berth needs 1.41, which Docker 20.10 has');
  client.close();
});
