import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicAddresses } from './addresses';

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
