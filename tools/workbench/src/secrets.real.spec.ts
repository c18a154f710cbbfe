import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeClient } from '@berth/kube';
import { generateMissingSecrets } from './secrets';

const workspace = join(__dirname, '../../..');
const context = 'berth-local';
const kubeconfig = join(workspace, 'deploy/clusters/local/kubeconfig');
const client = KubeClient.from({ kubeconfig, context });
const environment = `berth-test-secrets-${process.pid}`;
const cluster = {
  name: 'local',
  root: 'deploy/clusters/local',
  provider: 'bare-metal' as const,
  kubeconfig,
  context,
  exposure: 'node-ports' as const,
  nodePorts: {},
  hosts: ['localhost'],
};
let root: string;
const printed: string[] = [];

const asks = (keys: string[]) => {
  const env = keys.map((key) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: 'berth-secrets', key } },
  }));
  writeFileSync(
    join(root, 'deploy/environments', environment, 'services/store.yaml'),
    JSON.stringify({ kind: 'StatefulSet', spec: { template: { spec: { containers: [{ env }] } } } }),
  );
};
const generate = () => generateMissingSecrets(root, cluster, environment, (line) => printed.push(line));
const values = async () => {
  const secret = await client.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: environment,
    name: 'berth-secrets',
  });
  return secret?.['data'] as Record<string, string>;
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-secrets-'));
  const folder = join(root, 'deploy/environments', environment);
  mkdirSync(join(folder, 'services'), { recursive: true });
  const metadata = { name: environment, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } };
  writeFileSync(
    join(folder, 'namespace.yaml'),
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }),
  );
});
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: environment });
  client.close();
  rmSync(root, { recursive: true, force: true });
});

it('generates what is missing, once, and never writes what is there again', async () => {
  asks(['STORE_PASSWORD']);
  expect(await generate()).toBe('generated STORE_PASSWORD');
  const first = await values();
  expect(Buffer.from(first['STORE_PASSWORD']!, 'base64').toString()).toMatch(/^[0-9a-f]{48}$/);

  expect(await generate()).toBe('1 there');
  expect(await values()).toEqual(first);

  asks(['API_KEY', 'STORE_PASSWORD']);
  expect(await generate()).toBe('generated API_KEY');
  const second = await values();
  expect(Object.keys(second).sort()).toEqual(['API_KEY', 'STORE_PASSWORD']);
  expect(second['STORE_PASSWORD']).toBe(first['STORE_PASSWORD']);
}, 60_000);

it('says where it was tried when the API server is not there, and generates nothing', async () => {
  const away = join(root, 'away');
  writeFileSync(away, readFileSync(kubeconfig, 'utf8').replace(/server: .*/, 'server: https://127.0.0.1:1'));
  const lines: string[] = [];
  const tried = generateMissingSecrets(root, { ...cluster, kubeconfig: away }, environment, (line) =>
    lines.push(line),
  );
  await expect(tried).rejects.toMatchObject({
    name: 'UnreachableError',
    message: expect.stringContaining(`at https://127.0.0.1:1 (context berth-local of ${away})`),
    hint: expect.stringContaining(`nx create cluster-${cluster.name}`),
  });
  expect(lines).toEqual([2, 3, 4].map((n) => `API server https://127.0.0.1:1: ECONNREFUSED; try ${n} of 4`));
});

it('prints no value', async () => {
  const text = printed.join('\n');
  expect(text).toContain('generated STORE_PASSWORD');
  for (const value of Object.values(await values()))
    expect(text).not.toContain(Buffer.from(value, 'base64').toString());
});
