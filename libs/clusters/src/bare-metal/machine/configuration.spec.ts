import { parse } from 'yaml';
import { machinePaths } from '../paths';
import { LOCAL_NODE } from '../settings';
import { containerdFile, dockerFile, networkFile, registryFile } from './configuration';
import { dockerUnit, kubeletUnit } from './units';

const paths = machinePaths('/root');
const machine = { paths, node: LOCAL_NODE };

describe('configuration of the programs', () => {
  it('lets containerd start sandboxes without CAP_SYS_RESOURCE, from the local registry', () => {
    const { path, content } = containerdFile(machine, 'localhost:5000/pause:1');
    expect(path).toBe('/var/lib/berth/containerd/config.toml');
    expect(content).toContain(
      '[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "localhost:5000/pause:1"\nrestrict_oom_score_adj = true\n',
    );
    expect(content).toContain(
      '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."localhost:5000"]\nendpoint = ["http://localhost:5000"]\n',
    );
    expect(content).toContain('root = "/var/lib/berth/containerd/data"');
  });

  it('has the registry listen on the loopback address only, and delete what is asked', () => {
    const { content } = registryFile(paths);
    expect(parse(content)).toMatchObject({
      http: { addr: '127.0.0.1:5000' },
      storage: { filesystem: { rootdirectory: '/var/lib/berth/registry/data' }, delete: { enabled: true } },
    });
  });

  it('gives dockerd the containerd of the cluster', () => {
    expect(JSON.parse(dockerFile(paths).content)).toMatchObject({
      'data-root': '/var/lib/berth/docker/data',
      hosts: ['unix:///var/run/docker.sock'],
      containerd: '/run/berth/containerd/containerd.sock',
    });
  });

  it('gives pods a bridge with host ports', () => {
    const { plugins } = JSON.parse(networkFile(machine).content) as { plugins: { type: string }[] };
    expect(plugins.map(({ type }) => type)).toEqual(['bridge', 'portmap']);
  });

  it('starts dockerd and kubelet only once containerd answers', () => {
    expect(dockerUnit(paths).waitForSockets).toEqual(['/run/berth/containerd/containerd.sock']);
    expect(kubeletUnit(machine).waitForSockets).toEqual(['/run/berth/containerd/containerd.sock']);
    expect(kubeletUnit(machine).waitForFiles).toContain('/var/lib/kubelet/kubeadm-flags.env');
  });
});
