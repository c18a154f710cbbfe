import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { checkLines, ExistingCluster, existingFields, type Surroundings } from '@berth/clusters';
import { writeWhole } from '@berth/exec';
import { KubeClient } from '@berth/kube';
import { MANAGED_BY_LABEL } from '@berth/manifests';
import { quoteArgv, UserError, type Cluster } from '@berth/model';
import { adoptedFile, clusterWith } from './local-cluster';
import type { Workbench } from './main';
import { forgetPorts, hasKeptPorts } from './port';
import { registryOf, setRegistry } from './registry-option';
import { contentLines, contentOf } from './what-is-made';

export interface Adoption {
  context: string;
  /** Path of the kubeconfig; absent: that of KUBECONFIG, or the user's own. */
  kubeconfig?: string;
  /** Where images are to go; absent: where nx.json says. */
  registry?: string;
  /** Agreed to beforehand. */
  yes: boolean;
}

/**
 * Makes a cluster that somebody else has made the local one of this clone. It is looked at; what will be made in it is
 * listed; then the person is asked. Until then nothing is written, here or there.
 * @param environments that will be deployed there
 * @throws UserError when the cluster cannot be used, or the person does not agree
 */
export async function adopt(
  { root, print }: Pick<Workbench, 'root' | 'print'>,
  { context, kubeconfig, registry, yes }: Adoption,
  environments: readonly string[],
  surroundings: Surroundings = { KUBECONFIG: process.env['KUBECONFIG'], home: homedir() },
): Promise<Cluster> {
  const wanted = { context, kubeconfig, workspace: root, command: 'npm start --' };
  const found = existingFields(wanted, surroundings);
  // The file is of this machine only.
  const path = found.kubeconfig.startsWith('~/')
    ? join(surroundings.home, found.kubeconfig.slice(2))
    : resolve(root, found.kubeconfig);
  const fields = {
    provider: 'existing',
    ...found,
    kubeconfig: path,
    // What the cluster.json of a cluster on this machine has, and this one has not.
    hosts: null,
    exposure: found.exposure ?? null,
    nodePorts: found.nodePorts ?? null,
    front: found.front ?? null,
  };
  const cluster = clusterWith(root, fields);
  const before = registryOf(root);
  const images = registry ?? before;
  const provider = new ExistingCluster({ workspace: root, registry: images });
  const findings = await provider.check(cluster);
  print(`The context ${cluster.context} of ${cluster.kubeconfig}:`);
  for (const line of checkLines(findings)) print(`  ${line}`);
  await provider.planCreate(cluster);
  await refuseTakenNamespaces(cluster, environments);

  print('This would make in it:');
  for (const environment of environments)
    for (const line of contentLines(contentOf(root, environment))) print(`  ${line}`);
  print('And here:');
  print(`  ${adoptedFile}, which Git ignores: this cluster is the local one of this clone`);
  if (images !== before)
    print(`  in nx.json the registry ${images} in place of ${before}, and in the manifests that name images`);
  if (hasKeptPorts(root))
    print(
      "  deploy/environments/admin/env.local.json without the gateway's ports, which are of this machine",
    );
  print(`Images go to ${images}.`);
  if (!yes) await ask({ context, kubeconfig, registry });

  forgetPorts(root);
  if (images !== before) setRegistry(root, images);
  writeWhole({ path: join(root, adoptedFile), content: `${JSON.stringify(fields, null, 2)}\n`, mode: 0o600 });
  return cluster;
}

/** A namespace of that name which somebody else has made is theirs. @throws UserError */
async function refuseTakenNamespaces(cluster: Cluster, environments: readonly string[]): Promise<void> {
  const client = KubeClient.from(cluster, { onRetry: () => undefined });
  try {
    const live = await Promise.all(
      environments.map((name) => client.get({ apiVersion: 'v1', kind: 'Namespace', name })),
    );
    const taken = live.flatMap((namespace) =>
      namespace && namespace.metadata.labels?.[MANAGED_BY_LABEL] !== 'berth' ? [namespace.metadata.name] : [],
    );
    if (taken.length === 0) return;
    throw new UserError(
      `The cluster has ${taken.length === 1 ? 'a namespace' : 'namespaces'} that Berth did not make: ${taken.join(', ')}. Nothing was changed.`,
      `See what is in it: ${client.kubectl} -n ${taken[0]} get all`,
    );
  } finally {
    client.close();
  }
}

async function ask({ context, kubeconfig, registry }: Omit<Adoption, 'yes'>): Promise<void> {
  const option = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name}`, value];
  const typed = ['npm', 'start', '--', '--context', context];
  const hint = quoteArgv([
    ...typed,
    ...option('kubeconfig', kubeconfig),
    ...option('registry', registry),
    '--yes',
  ]);
  if (!process.stdin.isTTY) throw new UserError('Nothing was changed: there is no terminal to ask on.', hint);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Type ${context} to go on: `);
  terminal.close();
  if (answer.trim() !== context) throw new UserError('Nothing was changed.', hint);
}
