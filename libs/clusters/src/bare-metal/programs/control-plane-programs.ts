import { join } from 'node:path';
import type { Machine } from '../machine';
import { ETCD, KUBERNETES } from '../versions';
import { programsFolder } from './programs';

const names = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const;

/** Absolute paths, by name. */
export type ControlPlanePrograms = Readonly<Record<'etcd' | (typeof names)[number], string>>;

/** What a control plane is made of and asked by, in the versions of Berth's own clusters. */
export async function controlPlanePrograms(
  machine: Machine,
  log: (line: string) => void,
): Promise<ControlPlanePrograms> {
  const etcd = await programsFolder(machine, ETCD, log);
  const kubernetes = await programsFolder(machine, KUBERNETES, log);
  const paths = names.map((name) => [name, join(kubernetes, name)]);
  return { etcd: join(etcd, 'etcd'), ...Object.fromEntries(paths) } as ControlPlanePrograms;
}
