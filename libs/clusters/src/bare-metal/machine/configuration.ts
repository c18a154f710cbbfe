import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MachineFile } from '../files';
import type { Machine } from '../machine';
import type { MachinePaths } from '../paths';
import { POD_BRIDGE, REGISTRY } from '../settings';
import { toToml } from '../toml';

/** containerd: one for the kubelet and for dockerd. */
export function containerdFile(
  { paths, node }: Pick<Machine, 'paths' | 'node'>,
  pauseImage: string,
): MachineFile {
  const cri = {
    sandbox_image: pauseImage,
    // Root without CAP_SYS_RESOURCE may not lower oom_score_adj; without this every sandbox dies at its start.
    restrict_oom_score_adj: true,
    cni: { bin_dir: '/usr/lib/cni', conf_dir: paths.cniConfiguration },
    containerd: {
      default_runtime_name: 'runc',
      runtimes: { runc: { runtime_type: 'io.containerd.runc.v2', options: { SystemdCgroup: false } } },
    },
    registry: { mirrors: { [REGISTRY]: { endpoint: [node.registryMirror] } } },
  };
  return {
    path: containerdPath(paths),
    content: toToml({
      version: 2,
      root: join(paths.state, 'containerd/data'),
      state: join(paths.runtime, 'containerd/state'),
      grpc: { address: paths.containerdSocket },
      plugins: {
        'io.containerd.grpc.v1.cri': cri,
        'io.containerd.internal.v1.opt': { path: join(paths.state, 'containerd/opt') },
      },
    }),
  };
}

export function containerdPath(paths: MachinePaths): string {
  return join(paths.state, 'containerd/config.toml');
}

export function registryFile(paths: MachinePaths): MachineFile {
  return {
    path: join(paths.state, 'registry/config.yml'),
    content: registryText(paths, '127.0.0.1:5000', { delete: { enabled: true } }),
  };
}

export function hostsRegistryPath(paths: MachinePaths): string {
  return join(paths.state, 'registry/hosts.yml');
}

/** The same images for the other hosts of a cluster, at the node's address. Anybody there may read, and nobody write. */
export function hostsRegistryFile({ paths, node }: Pick<Machine, 'paths' | 'node'>): MachineFile {
  return {
    path: hostsRegistryPath(paths),
    content: registryText(paths, `${node.address}:5000`, { maintenance: { readonly: { enabled: true } } }),
  };
}

function registryText(paths: MachinePaths, address: string, storage: object): string {
  return stringify({
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(paths.state, 'registry/data') },
      ...storage,
      cache: { blobdescriptor: 'inmemory' },
    },
    http: { addr: address, headers: { 'X-Content-Type-Options': ['nosniff'] } },
  });
}

export function dockerFile(paths: MachinePaths): MachineFile {
  return {
    path: join(paths.state, 'docker/daemon.json'),
    content: `${JSON.stringify(
      {
        'data-root': join(paths.state, 'docker/data'),
        'exec-root': join(paths.runtime, 'docker'),
        pidfile: join(paths.runtime, 'docker.pid'),
        hosts: [`unix://${paths.dockerSocket}`],
        containerd: paths.containerdSocket,
        'storage-driver': 'overlay2',
        'log-driver': 'json-file',
        'log-opts': { 'max-size': '10m', 'max-file': '2' },
        // Plain http: the registry listens on the loopback address only.
        'insecure-registries': ['127.0.0.0/8'],
      },
      null,
      2,
    )}\n`,
  };
}

/** The pods' network: a bridge on this node, addresses from its subnet, hostPort. */
export function networkFile({ paths, node }: Pick<Machine, 'paths' | 'node'>): MachineFile {
  return {
    path: join(paths.cniConfiguration, '10-berth.conflist'),
    content: `${JSON.stringify(
      {
        cniVersion: '0.4.0',
        name: 'berth',
        plugins: [
          {
            type: 'bridge',
            bridge: POD_BRIDGE,
            isGateway: true,
            // Its exception is the node's own subnet: with others in the cluster a rule of ours does it.
            ipMasq: node.alone,
            hairpinMode: true,
            ipam: {
              type: 'host-local',
              ranges: [[{ subnet: node.podSubnet }]],
              routes: [{ dst: '0.0.0.0/0' }],
              dataDir: join(paths.state, 'cni/addresses'),
            },
          },
          { type: 'portmap', capabilities: { portMappings: true } },
        ],
      },
      null,
      2,
    )}\n`,
  };
}
