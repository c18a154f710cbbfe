import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeClient } from '@berth/kube';
import { startController, type Controller } from './controller';
import { kubernetesSource } from './kubernetes-source';
import type { NginxClient } from './nginx-client';
import { SnapshotFile } from './snapshot';
import type { StandInApi } from './testing-api';
import type { StandInNginx } from './testing-nginx';
import { endpointSlice, publicService, testLog } from './testing-objects';
import { StandIns } from './testing-stand-ins';
import { until } from './testing-until';

let standIns: StandIns;
let folder: string;
let api: StandInApi;
let nginx: StandInNginx;
let kube: KubeClient;
let admin: NginxClient;
let controller: Controller | undefined;
let time: Date;
let lines: { level: string; message: string }[];

beforeEach(async () => {
  time = new Date();
  standIns = await StandIns.start();
  ({ folder, api, nginx, kube, admin } = standIns);
});
afterEach(async () => {
  await controller?.stop();
  controller = undefined;
  await standIns.stop();
});

const file = () => join(folder, 'routes.json');

async function start(): Promise<Controller> {
  const { log, lines: written } = testLog();
  lines = written;
  controller = await startController({
    source: kubernetesSource(kube, () => time),
    nginx: admin,
    snapshot: new SnapshotFile(file(), log, 1),
    log,
    now: () => time,
    apiServers: [],
    pollMs: 20,
    retryMs: { first: 5, longest: 20 },
  });
  return controller;
}

const endpoints = () =>
  Object.fromEntries(Object.entries(nginx.routes).map(([host, route]) => [host, route.endpoints]));
const endpointsAre = (expected: Record<string, string[]>) =>
  until(endpoints, (found) => JSON.stringify(found) === JSON.stringify(expected));

describe('the controller', () => {
  it('routes to a public service, follows its endpoints, and forgets it when it goes', async () => {
    await start();
    await until(() => nginx.generation === 1);
    api.put('endpointslices', endpointSlice('kubernetes', ['10.123.0.1']));
    api.put('services', publicService('web'));
    await endpointsAre({ 'web-staging.localhost': [] });
    api.put('endpointslices', endpointSlice('web', ['10.0.0.1']));
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.1:8080'] });
    api.put('endpointslices', endpointSlice('web', ['10.0.0.2', '10.0.0.3']));
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.2:8080', '10.0.0.3:8080'] });
    api.delete('services', 'staging/web');
    await endpointsAre({});
    expect(lines.map(({ message }) => message)).toContain('the last public Service is gone');
  });

  it('keeps its routes through cut watches and failing lists, and goes on from there', async () => {
    api.put('services', publicService('web'));
    api.put('endpointslices', endpointSlice('web', ['10.0.0.1']));
    await start();
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.1:8080'] });
    api.fails = true;
    const asked = api.lists.length;
    api.cutWatches(true);
    await until(() => api.lists.length >= asked + 3);
    api.put('endpointslices', endpointSlice('web', ['10.0.0.2']));
    expect(endpoints()).toEqual({ 'web-staging.localhost': ['10.0.0.1:8080'] });
    api.fails = false;
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.2:8080'] });
  });

  it('does not believe a cluster without any EndpointSlice', async () => {
    api.put('services', publicService('web'));
    api.put('endpointslices', endpointSlice('web', ['10.0.0.1']));
    await start();
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.1:8080'] });
    api.delete('endpointslices', 'staging/web-abcde');
    await until(() => lines.some(({ message }) => message.includes('not believed')));
    expect(endpoints()).toEqual({ 'web-staging.localhost': ['10.0.0.1:8080'] });
  });

  it('serves from the snapshot while the API server is away, also after a restart of both', async () => {
    api.put('services', publicService('web'));
    api.put('endpointslices', endpointSlice('web', ['10.0.0.1']));
    await start();
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.1:8080'] });
    await controller!.stop();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      generation: nginx.generation,
      routes: nginx.routes,
      since: { 'web-staging.localhost': expect.stringMatching(/^20/) },
    });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    nginx.forget();
    api.fails = true;
    const { status } = await start();
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.1:8080'] });
    await until(() => status().generation > 1);
    expect(status().listed).toBe(false);
  });

  it('knows since when each route is served as it is, also after a restart', async () => {
    time = new Date('2026-01-01T00:00:00Z');
    api.put('services', publicService('web'));
    api.put('services', publicService('store'));
    api.put('endpointslices', endpointSlice('web', ['10.0.0.1']));
    const before = await start();
    await until(() => before.status().since.size === 2);
    time = new Date('2026-01-02T00:00:00Z');
    api.put('endpointslices', endpointSlice('web', ['10.0.0.2']));
    await until(() => before.status().since.get('web-staging.localhost')?.startsWith('2026-01-02'));
    await before.stop();
    time = new Date('2026-01-03T00:00:00Z');
    nginx.forget();
    const { status } = await start();
    await until(() => status().generation > 0);
    expect(Object.fromEntries(status().since)).toEqual({
      'store-staging.localhost': '2026-01-01T00:00:00.000Z',
      'web-staging.localhost': '2026-01-02T00:00:00.000Z',
    });
    api.delete('services', 'staging/store');
    await until(() => !status().since.has('store-staging.localhost'));
  });

  it('starts without a snapshot that cannot be read', async () => {
    writeFileSync(file(), '{"generation": 3, "routes": ');
    api.put('services', publicService('web'));
    api.put('endpointslices', endpointSlice('web', ['10.0.0.1']));
    await start();
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.1:8080'] });
    await controller!.stop();
    expect(existsSync(`${file()}.tmp`)).toBe(false);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ generation: nginx.generation });
  });

  it('tells of a refusal once, by an Event and in the status of the Service', async () => {
    const external = { spec: { type: 'ExternalName', externalName: 'example.com' } };
    api.put('services', publicService('away', undefined, external));
    api.put('services', publicService('web'));
    api.put('endpointslices', endpointSlice('web', ['10.0.0.1', '127.0.0.1']));
    const { status } = await start();
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.1:8080'] });
    const reasons = () => api.events.map(({ reason }) => reason).sort();
    await until(() => reasons().length === 2);
    expect(reasons()).toEqual(['AddressRefused', 'ExternalName']);
    expect(api.events[0]).toMatchObject({ type: 'Warning', involvedObject: { kind: 'Service' } });
    await until(() => api.patches.length === 2);
    expect(api.patches[0]).toMatchObject({
      path: '/api/v1/namespaces/staging/services/away/status',
      body: {
        status: { conditions: [{ type: 'berth.dev/Routed', status: 'False', reason: 'ExternalName' }] },
      },
    });
    expect(
      status()
        .refused.map(({ reason }) => reason)
        .sort(),
    ).toEqual(['AddressRefused', 'ExternalName']);
    api.put('endpointslices', endpointSlice('web', ['10.0.0.2', '127.0.0.1']));
    await endpointsAre({ 'web-staging.localhost': ['10.0.0.2:8080'] });
    await controller!.stop();
    expect(api.events).toHaveLength(2);
  });
});
