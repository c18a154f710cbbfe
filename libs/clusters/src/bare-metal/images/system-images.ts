import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaveWish } from '@berth/exec';
import type { Machine } from '../machine';
import { cachedProgram, recordedChecksum } from '../programs/programs';
import { REGISTRY } from '../settings';
import type { CheckedStep } from '../step';
import {
  COREDNS,
  COREDNS_IMAGE_TAG,
  ETCD,
  ETCD_IMAGE_TAG,
  KUBERNETES,
  METRICS,
  METRICS_IMAGE,
  PAUSE,
  PAUSE_IMAGE,
  STORAGE,
  STORAGE_HELPER_IMAGE,
  STORAGE_IMAGE,
  type ProgramModule,
} from '../versions';
import { copyHostPrograms, hostProgramsKey, type HostPrograms } from './host-files';
import { isPushed, pushImage, type LayerImage } from './push';
import { renewOnNode } from './renew';

/** Where programs lie in these images; kubeadm's manifests call them by name or by this path. */
const PROGRAM_FOLDER = 'usr/local/bin';

interface SystemImage {
  reference: string;
  /** The static program it is for. */
  program?: { module: ProgramModule; name: string };
  /** What else it needs of this machine. */
  host?: HostPrograms;
  /** uid; root when absent, as kubeadm's manifests expect. */
  user?: string;
}

/** kube-proxy uses the machine's own iptables, so that both write to the same back end, legacy or nft. */
const iptables = (): HostPrograms => {
  const names = [
    'iptables',
    'iptables-save',
    'iptables-restore',
    'ip6tables',
    'ip6tables-save',
    'ip6tables-restore',
  ];
  return {
    programs: { 'usr/sbin/xtables-multi': '/usr/sbin/iptables' },
    links: Object.fromEntries(names.map((name) => [`usr/sbin/${name}`, 'xtables-multi'])),
    folders: [
      process.arch === 'arm64' ? '/usr/lib/aarch64-linux-gnu/xtables' : '/usr/lib/x86_64-linux-gnu/xtables',
    ],
  };
};

/** The storage provisioner starts a pod with these for each volume it makes or removes. */
const shell = (): HostPrograms => ({
  programs: { 'usr/bin/sh': '/bin/sh', 'usr/bin/mkdir': '/bin/mkdir', 'usr/bin/rm': '/bin/rm' },
});

function systemImages(): SystemImage[] {
  const controlPlane = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];
  return [
    { reference: PAUSE_IMAGE, program: { module: PAUSE, name: 'pause' }, user: '65535' },
    ...controlPlane.map((name) => ({
      reference: `${REGISTRY}/${name}:${KUBERNETES.version}`,
      program: { module: KUBERNETES, name },
      ...(name === 'kube-proxy' ? { host: iptables() } : {}),
    })),
    { reference: `${REGISTRY}/etcd:${ETCD_IMAGE_TAG}`, program: { module: ETCD, name: 'etcd' } },
    { reference: `${REGISTRY}/coredns:${COREDNS_IMAGE_TAG}`, program: { module: COREDNS, name: 'coredns' } },
    { reference: STORAGE_IMAGE, program: { module: STORAGE, name: 'local-path-provisioner' }, user: '1000' },
    { reference: STORAGE_HELPER_IMAGE, host: shell() },
    { reference: METRICS_IMAGE, program: { module: METRICS, name: 'metrics-server' }, user: '1000' },
  ];
}

/** Images of the cluster's own parts, made here and pushed under the names that kubeadm asks for. */
export function systemImagesStep(machine: Machine, nodes: readonly Machine[] = [machine]): CheckedStep {
  const missing = async () => {
    const images = systemImages();
    // All of them before the first is asked for: this throws while a program of the machine is not installed yet.
    const layers = images.map((image) => layerImage(machine, image));
    const registry = await machine.registryUrl();
    const pushed = await Promise.all(layers.map((layer) => isPushed(registry, layer)));
    return images.filter((_, index) => !pushed[index]);
  };
  return {
    title: 'System images',
    details: systemImages().map(({ reference }) => `push ${reference}`),
    done: async () => (await missing()).length === 0,
    run: async (log) => {
      for (const image of await missing()) {
        await makeAndPush(machine, image);
        log(`pushed ${image.reference}`);
        await renewOnNode(machine, image.reference, log, nodes);
      }
    },
  };
}

function layerImage(machine: Machine, { reference, program, host, user }: SystemImage): LayerImage {
  const key = createHash('sha256')
    .update(program ? (recordedChecksum(machine, program.module, program.name) ?? 'missing') : '')
    .update(host ? hostProgramsKey(host) : '');
  return {
    reference,
    content: key.digest('hex'),
    architecture: machine.architecture,
    ...(program ? { entrypoint: [`/${PROGRAM_FOLDER}/${program.name}`] } : {}),
    ...(user ? { user } : {}),
  };
}

async function makeAndPush(machine: Machine, image: SystemImage): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-image-'));
  const withdraw = leaveWish({ folder });
  const root = join(folder, 'root');
  const layer = join(folder, 'layer.tar');
  mkdirSync(root);
  try {
    if (image.host) await copyHostPrograms(machine.here, image.host, root);
    if (image.program) {
      const { path } = await cachedProgram(machine, image.program.module, image.program.name);
      mkdirSync(join(root, PROGRAM_FOLDER), { recursive: true });
      cpSync(path, join(root, PROGRAM_FOLDER, image.program.name));
    }
    // The same content gives the same digest: nothing of this machine's clock or users is in it.
    const plain = [
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--mode=u=rwX,go=rX',
    ];
    await machine.here.run(['tar', ...plain, '-C', root, '-cf', layer, '.']);
    await pushImage(await machine.registryUrl(), layerImage(machine, image), layer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    withdraw();
  }
}
