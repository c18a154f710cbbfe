import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeClient, readKubeconfig } from '@berth/kube';
import type { KubernetesObject } from '@berth/manifests';
import { parseAllDocuments } from 'yaml';
import { certificateFile, startCertificates } from './certificates';
import { kubernetesCertificates } from './kubernetes-source';
import { NginxClient } from './nginx-client';
import { TestAuthority } from './testing-authority';
import { StandInNginx } from './testing-nginx';
import { testLog, tlsSecret } from './testing-objects';
import { until } from './testing-until';

const WORKSPACE = join(__dirname, '../../..');
const connection = readKubeconfig({
  kubeconfig: process.env['BERTH_TEST_KUBECONFIG'] ?? join(WORKSPACE, 'deploy/clusters/local/kubeconfig'),
  context: process.env['BERTH_TEST_CONTEXT'] ?? 'berth-local',
});
const namespace = `gateway-certificates-${process.pid}`;
const client = new KubeClient(connection);
/** With the rights that rbac.yaml gives the gateway, in this namespace. */
const gateway = new KubeClient({
  ...connection,
  authorization: async () => ({ 'Impersonate-User': `system:serviceaccount:${namespace}:gateway` }),
});

/** The objects of rbac.yaml, with the rights of the whole cluster in this namespace only. */
function rights(): KubernetesObject[] {
  const text = readFileSync(join(__dirname, '../kubernetes/rbac.yaml'), 'utf8');
  return parseAllDocuments(text).map((document) => {
    const object = document.toJS() as KubernetesObject & {
      roleRef?: { kind: string };
      subjects?: object[];
    };
    return {
      ...object,
      kind: object.kind.replace('Cluster', ''),
      metadata: { ...object.metadata, namespace },
      ...(object.roleRef && { roleRef: { ...object.roleRef, kind: 'Role' } }),
      ...(object.subjects && { subjects: object.subjects.map((subject) => ({ ...subject, namespace })) }),
    };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
const nginx = new StandInNginx(join(folder, 'admin.sock'));
const admin = new NginxClient(nginx.socketPath);
let authority: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.make();
  await nginx.listen();
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const object of rights()) await client.apply(object, { fieldManager: 'test' });
}, 60_000);
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  gateway.close();
  client.close();
  admin.close();
  await nginx.close();
  authority.remove();
  rmSync(folder, { recursive: true });
}, 60_000);

it('follows the Secret that the role names, tells of a bad one, and may read no other', async () => {
  const secret = async (name: string, change: object = {}): Promise<KubernetesObject> => {
    const pair = await authority.issue([`${name}.example.com`]);
    const { type, data } = tlsSecret(name, { ...pair, ...change }) as { type: string; data: object };
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data };
  };
  const put = async (object: KubernetesObject) => client.apply(object, { fieldManager: 'test', force: true });
  const names = () => nginx.certificates.map((certificate) => certificate.names.join());
  await put(await secret('other'));
  const { log, lines } = testLog();
  const certificates = await startCertificates({
    source: kubernetesCertificates(gateway, { namespace, names: ['gateway-tls', 'other'] }, () => new Date()),
    nginx: admin,
    snapshot: certificateFile(join(folder, 'certificates.json'), log, 1),
    log,
    now: () => new Date(),
    domains: ['localhost'],
    patienceMs: 2000,
  });
  try {
    await until(names, (found) => found[0] === 'localhost,*.localhost', 10_000);
    await put(await secret('gateway-tls'));
    await until(names, (found) => found.join(' ') === 'gateway-tls.example.com', 10_000);
    const { key } = await authority.issue(['x.example.com']);
    await put(await secret('gateway-tls', { key }));
    const [event] = await until(
      () => client.events(namespace),
      (found) => found.length > 0,
      10_000,
    );
    expect(event).toMatchObject({
      reason: 'CertificateInvalid',
      involvedObject: { kind: 'Secret', name: 'gateway-tls' },
    });
    expect(names()).toEqual(['gateway-tls.example.com']);
    expect(lines.map(({ message }) => message)).toContain('cannot follow a Secret');
  } finally {
    await certificates.stop();
  }
  await expect(gateway.list({ apiVersion: 'v1', kind: 'Secret', namespace })).rejects.toThrow(/forbidden/);
  const by = (name: string) => ({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  await expect(gateway.get(by('other'))).rejects.toThrow(/forbidden/);
}, 60_000);
