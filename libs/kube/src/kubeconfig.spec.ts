import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { inClusterConnection, readKubeconfig } from './kubeconfig';

describe('readKubeconfig', () => {
  let folder: string;
  let kubeconfig: string;
  const write = (user: Record<string, unknown>, cluster: Record<string, unknown> = {}) =>
    writeFileSync(
      kubeconfig,
      stringify({
        'current-context': 'other',
        contexts: [
          { name: 'berth-local', context: { cluster: 'local', user: 'admin' } },
          { name: 'other', context: { cluster: 'missing', user: 'admin' } },
        ],
        clusters: [{ name: 'local', cluster: { server: 'https://10.0.0.1:6443/', ...cluster } }],
        users: [{ name: 'admin', user }],
      }),
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
    kubeconfig = join(folder, 'config');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads the context that is asked for, whatever the current one is', async () => {
    const pem = Buffer.from('PEM').toString('base64');
    write({ 'client-certificate-data': pem, 'client-key-data': pem }, { 'tls-server-name': 'kubernetes' });
    expect(readKubeconfig({ kubeconfig, context: 'berth-local' })).toEqual({
      server: 'https://10.0.0.1:6443',
      cert: Buffer.from('PEM'),
      key: Buffer.from('PEM'),
      serverName: 'kubernetes',
      description: `context berth-local of ${kubeconfig}`,
      kubectl: `kubectl --kubeconfig ${kubeconfig} --context berth-local`,
    });
  });

  it('is named in commands as one types it, with spaces in its path', () => {
    const spaced = join(folder, "the desk's config");
    write({});
    copyFileSync(kubeconfig, spaced);
    expect(readKubeconfig({ kubeconfig: spaced, context: 'berth-local' }).kubectl).toBe(
      `kubectl --kubeconfig '${folder}/the desk'\\''s config' --context berth-local`,
    );
  });

  it('reads files beside the kubeconfig, and a token at each request, since it is replaced', async () => {
    writeFileSync(join(folder, 'ca.crt'), 'CA');
    writeFileSync(join(folder, 'token'), 'first\n');
    write({ tokenFile: 'token' }, { 'certificate-authority': 'ca.crt' });
    const { ca, authorization } = readKubeconfig({ kubeconfig, context: 'berth-local' });
    expect(ca?.toString()).toBe('CA');
    expect(await authorization?.()).toEqual({ authorization: 'Bearer first' });
    writeFileSync(join(folder, 'token'), 'second\n');
    expect(await authorization?.()).toEqual({ authorization: 'Bearer second' });
  });

  it('names the contexts that are there', () => {
    write({});
    expect(() => readKubeconfig({ kubeconfig, context: 'prod' })).toThrow(
      `${kubeconfig} has no context "prod"; it has: berth-local, other.`,
    );
    expect(() => readKubeconfig({ kubeconfig, context: 'other' })).toThrow('names the cluster "missing"');
  });

  it('says how a kubeconfig is made that is not there', () => {
    expect(() => readKubeconfig({ kubeconfig, context: 'berth-local' })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('nx create cluster-<name>') }),
    );
    expect(() => readKubeconfig({ kubeconfig, context: 'berth-prod', cluster: 'prod' })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('nx create cluster-prod') }),
    );
  });
});

it('is no pod where the address of the API server is not given', () => {
  expect(() => inClusterConnection({})).toThrow('KUBERNETES_SERVICE_HOST is not set');
});
