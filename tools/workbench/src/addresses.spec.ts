import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { publicAddresses, waitUntilAnswers } from './addresses';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-addresses-'));
  const folder = join(root, 'deploy/environments/staging/proxy');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'hosts.json'),
    JSON.stringify({
      rules: [{ service: 'web', namespace: 'staging', hosts: ['web-staging.localhost', 'desk.localhost'] }],
    }),
  );
});
afterEach(() => rmSync(root, { recursive: true }));

it('lists every host of every public service', () => {
  expect(publicAddresses(root, ['admin', 'staging'], 80)).toEqual([
    { service: 'web (staging)', url: 'http://web-staging.localhost/' },
    { service: 'web (staging)', url: 'http://desk.localhost/' },
  ]);
});

it('names the port that is not the usual one', () => {
  expect(publicAddresses(root, ['staging'], 8080)[0]!.url).toBe('http://web-staging.localhost:8080/');
});

it('waits for a host below localhost until it answers with neither 404 nor 503', async () => {
  const answered: number[] = [];
  const server = createServer((request, response) => {
    expect(request.headers.host).toMatch(/^web-staging\.localhost:/);
    answered.push([404, 503, 200][answered.length] ?? 200);
    response.writeHead(answered.at(-1)!).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await waitUntilAnswers([{ service: 'web', url: `http://web-staging.localhost:${port}/` }]);
  expect(answered).toEqual([404, 503, 200]);
  await new Promise((resolve) => server.close(resolve));
});
