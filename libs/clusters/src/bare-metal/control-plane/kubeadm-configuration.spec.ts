import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { machinePaths } from '../paths';
import { kubeadmFile, patchFiles, resolverFile } from './kubeadm-configuration';

const paths = machinePaths('/root');
const documents = parseAllDocuments(kubeadmFile(paths, 'local-1').content).map(
  (document) => document.toJSON() as Record<string, unknown> & { kind: string },
);
const ofKind = (kind: string) => documents.find((document) => document.kind === kind);

const folder = mkdtempSync(join(tmpdir(), 'resolver-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('configuration of kubeadm', () => {
  it('has the node take services, at an address of its own', () => {
    expect(ofKind('InitConfiguration')).toMatchObject({
      localAPIEndpoint: { advertiseAddress: '10.123.0.1' },
      nodeRegistration: {
        name: 'local-1',
        taints: [],
        criSocket: 'unix:///run/berth/containerd/containerd.sock',
      },
    });
  });

  it("opens the gateway's ports and takes images from the local registry", () => {
    expect(ofKind('ClusterConfiguration')).toMatchObject({
      kubernetesVersion: 'v1.34.4',
      imageRepository: 'localhost:5000',
      networking: { podSubnet: '10.244.0.0/16' },
      apiServer: {
        extraArgs: expect.arrayContaining([{ name: 'service-node-port-range', value: '80-32767' }]),
      },
    });
  });

  it('has controllers and scheduler wait for an API server that is away, since nobody takes their place', () => {
    const alone = { name: 'leader-elect', value: 'false' };
    const patient = { name: 'node-monitor-grace-period', value: '1h' };
    expect(ofKind('ClusterConfiguration')).toMatchObject({
      controllerManager: { extraArgs: [alone, patient] },
      scheduler: { extraArgs: [alone] },
    });
  });

  it('runs on cgroup v1, with swap, and without the right to set conntrack limits', () => {
    expect(ofKind('KubeletConfiguration')).toMatchObject({
      failCgroupV1: false,
      failSwapOn: false,
      cgroupDriver: 'cgroupfs',
    });
    expect(ofKind('KubeProxyConfiguration')).toMatchObject({
      mode: 'iptables',
      conntrack: { maxPerCore: 0 },
    });
  });

  it('leaves most of two cores to the services', () => {
    const requests = patchFiles(paths).flatMap(({ content }) =>
      [...content.matchAll(/"cpu":"(\d+)m"/g)].map(([, m]) => Number(m)),
    );
    expect(requests).toHaveLength(5);
    expect(requests.reduce((sum, m) => sum + m, 0)).toBeLessThan(500);
  });

  it('never sends CoreDNS to itself', () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const loopback = file('stub', 'nameserver 127.0.0.53\n');
    const outside = file('outside', '# by DHCP\nnameserver 192.0.2.1\nsearch example.org\n');
    expect(resolverFile(paths, [loopback, outside])).toBe(outside);
    expect(resolverFile(paths, [loopback, join(folder, 'missing')])).toBe(
      '/var/lib/berth/kubeadm/resolv.conf',
    );
  });
});
