import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeClient } from '@berth/kube';
import { certificateFile, startCertificates, type Certificates } from './certificates';
import { kubernetesCertificates } from './kubernetes-source';
import type { NginxClient } from './nginx-client';
import type { StandInApi } from './testing-api';
import { TestAuthority, type KeyPair } from './testing-authority';
import type { StandInNginx } from './testing-nginx';
import { testLog, tlsSecret } from './testing-objects';
import { StandIns } from './testing-stand-ins';
import { until } from './testing-until';

let authority: TestAuthority;
let web: KeyPair;
let renewed: KeyPair;
let desk: KeyPair;
beforeAll(async () => {
  authority = await TestAuthority.make();
  [web, renewed, desk] = [
    await authority.issue(['web.example.com']),
    await authority.issue(['web.example.com']),
    await authority.issue(['desk.example.com']),
  ];
});
afterAll(() => authority.remove());

let standIns: StandIns;
let folder: string;
let api: StandInApi;
let nginx: StandInNginx;
let kube: KubeClient;
let admin: NginxClient;
let started: Certificates | undefined;
let lines: { level: string; message: string }[];
let days: number;

beforeEach(async () => {
  standIns = await StandIns.start();
  ({ folder, api, nginx, kube, admin } = standIns);
  days = 0;
});
afterEach(async () => {
  await started?.stop();
  started = undefined;
  await standIns.stop();
});

const file = () => join(folder, 'certificates.json');

async function start(patienceMs = 60_000): Promise<Certificates> {
  const { log, lines: written } = testLog();
  lines = written;
  started = await startCertificates({
    source: kubernetesCertificates(
      kube,
      { namespace: 'admin', names: ['gateway-tls', 'desk-tls'] },
      () => new Date(),
    ),
    nginx: admin,
    snapshot: certificateFile(file(), log, 1),
    log,
    now: () => new Date(Date.now() + days * 24 * 60 * 60_000),
    domains: ['localhost'],
    patienceMs,
    pollMs: 20,
    retryMs: { first: 5, longest: 20 },
  });
  return started;
}

async function restart(patienceMs?: number): Promise<Certificates> {
  await started?.stop();
  return start(patienceMs);
}

const served = () => nginx.certificates.map(({ source, certificate }) => [source, certificate]);
const servedAre = (...expected: [source: string, pair: KeyPair][]) =>
  until(
    served,
    (found) =>
      JSON.stringify(found) === JSON.stringify(expected.map(([source, pair]) => [source, pair.certificate])),
  );
const selfSigned = () => until(served, ([first]) => first?.[0] === 'self-signed');
const messages = () => lines.map(({ message }) => message);

describe('the certificates', () => {
  it('are those of the Secrets in the order of their names, and follow them', async () => {
    api.put('secrets', tlsSecret('desk-tls', desk));
    api.put('secrets', tlsSecret('gateway-tls', web));
    const { status } = await start();
    await servedAre(['gateway-tls', web], ['desk-tls', desk]);
    api.put('secrets', tlsSecret('gateway-tls', renewed));
    await servedAre(['gateway-tls', renewed], ['desk-tls', desk]);
    api.delete('secrets', 'admin/gateway-tls');
    await servedAre(['desk-tls', desk]);
    await until(() => status().length === 1);
    expect(status()).toEqual([
      { source: 'desk-tls', names: ['desk.example.com'], notAfter: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
  });

  it('are asked for by name only', async () => {
    api.put('secrets', tlsSecret('other', web));
    await start();
    await selfSigned();
    expect(nginx.certificates).toHaveLength(1);
  });

  it('are one of our own while no Secret is there, the same after a restart, and give way to the first', async () => {
    await start();
    const [[, made]] = (await selfSigned()) as [[string, string]];
    expect(nginx.certificates[0]!.names).toEqual(['localhost', '*.localhost']);
    const { certificateGeneration } = nginx;
    await restart();
    await until(() => api.lists.length === 4);
    api.put('secrets', tlsSecret('other', web));
    nginx.forget();
    const [[, again]] = (await selfSigned()) as [[string, string]];
    expect(again).toBe(made);
    expect(nginx.certificateGeneration).toBe(certificateGeneration + 1);
    api.put('secrets', tlsSecret('desk-tls', desk));
    await servedAre(['desk-tls', desk]);
  });

  it.each<[what: string, bad: (pair: KeyPair) => object, reason: string]>([
    [
      'has the key of another',
      ({ certificate }) => tlsSecret('gateway-tls', { certificate, key: web.key }),
      'Invalid',
    ],
    ['is no PEM', (pair) => tlsSecret('gateway-tls', { ...pair, certificate: 'rubbish' }), 'Invalid'],
    ['is of another type', (pair) => ({ ...tlsSecret('gateway-tls', pair), type: 'Opaque' }), 'Invalid'],
    ['is empty', () => ({ ...tlsSecret('gateway-tls', web), data: undefined }), 'Invalid'],
  ])('stay as they were when a new one %s, which is told by an Event', async (_, bad, reason) => {
    api.put('secrets', tlsSecret('gateway-tls', web));
    await start();
    await servedAre(['gateway-tls', web]);
    api.put('secrets', bad(renewed));
    await until(() => api.events.length === 1);
    expect(api.events[0]).toMatchObject({
      involvedObject: { kind: 'Secret', name: 'gateway-tls', namespace: 'admin', uid: 'uid-gateway-tls' },
      reason: `Certificate${reason}`,
      message: expect.stringMatching(
        /^the certificate is refused: .*; the one before, until .*, stays in use$/,
      ),
    });
    expect(messages()).toContain(api.events[0]!.message);
    await servedAre(['gateway-tls', web]);
    api.put('secrets', tlsSecret('gateway-tls', renewed));
    await servedAre(['gateway-tls', renewed]);
  });

  it('stay as they were when one comes that has expired, and when theirs does', async () => {
    days = 2;
    api.put('secrets', tlsSecret('gateway-tls', web));
    await start();
    await selfSigned();
    await until(() => api.events.some(({ reason }) => reason === 'CertificateExpired'));
    days = 0;
    api.put('secrets', tlsSecret('gateway-tls', renewed));
    await servedAre(['gateway-tls', renewed]);
    days = 2;
    api.put('secrets', tlsSecret('gateway-tls', web));
    await until(() => api.events.length === 2);
    await servedAre(['gateway-tls', renewed]);
  });

  it('come from the snapshot when the cluster is away, also for an nginx that has forgotten them', async () => {
    api.put('secrets', tlsSecret('gateway-tls', web));
    await start();
    await servedAre(['gateway-tls', web]);
    await started!.stop();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      generation: nginx.certificateGeneration,
      certificates: nginx.certificates,
    });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    api.fails = true;
    nginx.forget();
    // Without patience, so that it has to choose.
    await start(0);
    await servedAre(['gateway-tls', web]);
    await until(() => messages().filter((message) => message === 'cannot follow a Secret').length >= 2);
    await servedAre(['gateway-tls', web]);
  });

  it('wait for the Secrets at first, and then are one of our own rather than none', async () => {
    api.fails = true;
    api.put('secrets', tlsSecret('gateway-tls', web));
    await start();
    await until(() => messages().filter((message) => message === 'cannot follow a Secret').length >= 2);
    expect(nginx.certificateGeneration).toBe(0);
    await restart(1);
    await selfSigned();
    api.fails = false;
    await servedAre(['gateway-tls', web]);
  });

  it('do without a snapshot that cannot be read', async () => {
    writeFileSync(file(), '{"generation": 3, "certificates": [{}]}');
    api.put('secrets', tlsSecret('gateway-tls', web));
    await start();
    await servedAre(['gateway-tls', web]);
    expect(messages()).toContain('the snapshot cannot be read and is left out');
    await started!.stop();
    expect(existsSync(`${file()}.tmp`)).toBe(false);
  });
});
