import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { LocalFiles, type HostFiles } from '@berth/exec';
import type { Machine } from '../machine';
import { machinePaths } from '../paths';
import { LOCAL_NODE, type NodeSettings } from '../settings';
import { kubeadmFile, patchFiles, resolverFile } from './kubeadm-configuration';

const paths = machinePaths('/root');
const none: HostFiles = Object.assign(new LocalFiles(), { read: async () => undefined });
const machine = (changes: Partial<Machine> = {}) =>
  ({ paths, node: LOCAL_NODE, files: none, ...changes }) as Machine;
const several: NodeSettings = { ...LOCAL_NODE, address: '10.0.0.7', device: 'eth0', alone: false };

let documents: (Record<string, unknown> & { kind: string })[];
const documentsOf = async (of: Machine) =>
  parseAllDocuments((await kubeadmFile(of, 'local-1')).content).map(
    (document) => document.toJSON() as Record<string, unknown> & { kind: string },
  );
beforeAll(async () => void (documents = await documentsOf(machine())));
const ofKind = (kind: string, among = documents) => among.find((document) => document.kind === kind);

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
    const requests = patchFiles(machine()).flatMap(({ content }) =>
      [...content.matchAll(/"cpu":"(\d+)m"/g)].map(([, m]) => Number(m)),
    );
    expect(requests).toHaveLength(5);
    expect(requests.reduce((sum, m) => sum + m, 0)).toBeLessThan(500);
  });

  it('never sends CoreDNS to itself', async () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const loopback = file('stub', 'nameserver 127.0.0.53\n');
    const outside = file('outside', '# by DHCP\nnameserver 192.0.2.1\nsearch example.org\n');
    const here = machine({ files: new LocalFiles() });
    expect((await resolverFile(here, [loopback, outside])).path).toBe(outside);
    expect(await resolverFile(here, [loopback, join(folder, 'missing')])).toEqual({
      path: '/var/lib/berth/kubeadm/resolv.conf',
      content: 'nameserver 10.123.0.1\n',
    });
    expect(await resolverFile({ ...here, node: several }, [outside])).toEqual({
      path: '/var/lib/berth/kubeadm/resolv.conf',
      content: '# by DHCP\nnameserver 192.0.2.1\nsearch example.org\n',
    });
  });

  it('sees a lost node of several within half a minute, and replaces its pods soon after', async () => {
    const among = await documentsOf(machine({ node: several }));
    expect(ofKind('ClusterConfiguration', among)).toMatchObject({
      apiServer: {
        extraArgs: expect.arrayContaining([
          { name: 'bind-address', value: '10.0.0.7' },
          { name: 'default-unreachable-toleration-seconds', value: '5' },
        ]),
      },
      controllerManager: {
        extraArgs: expect.arrayContaining([{ name: 'node-monitor-grace-period', value: '20s' }]),
      },
    });
    expect(ofKind('KubeletConfiguration', among)).not.toHaveProperty('address');
    const dns = patchFiles({ paths, node: several }).find(({ path }) => path.includes('coredns'));
    expect(dns?.content).toContain('"replicas":2');
  });
});
