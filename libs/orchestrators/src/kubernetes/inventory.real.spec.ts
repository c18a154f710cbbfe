import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { inventoryName, toolingAnnotation } from './names';
import { limitMs, TestEnvironments } from './testing-environments';
import { testNamespace } from './testing-objects';

jest.setTimeout(limitMs);

const environments = new TestEnvironments('i');
const { client, target, access } = environments;
const kubectl = ['/var/lib/berth/bin/kubectl'].find((path) => existsSync(path)) ?? 'kubectl';
const folder = mkdtempSync(join(tmpdir(), 'berth-applyset-'));
const environment = environments.name('applyset');
const group = `${environment}.berth.dev`;

const settings = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: environment },
});
const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: environment },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
};
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `things.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const set = [testNamespace(environment), definition, claim, settings('ours')];

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await client.delete({
    apiVersion: definition.apiVersion,
    kind: definition.kind,
    name: definition.metadata.name,
  });
  await environments.end();
});

/** Applies one more object to the environment's ApplySet, and prunes by it, as kubectl can. */
const prune = () =>
  new ProcessRunner({ env: { KUBECTL_APPLYSET: 'true' } }).run([
    ...[kubectl, '--kubeconfig', access.kubeconfig, '--context', access.context, '-n', environment],
    ...['apply', '--server-side', '--prune', `--applyset=secret/${inventoryName}`, '-f', folder],
  ]);

/** Which of the set are there. */
async function there(): Promise<string[]> {
  const live = await Promise.all(
    set.map(({ apiVersion, kind, metadata }) => client.get({ apiVersion, kind, ...metadata })),
  );
  return live.flatMap((object) => (object && !object.metadata.deletionTimestamp ? [object.kind] : []));
}

test('kubectl --prune --applyset does not touch the inventory, and made to, takes no namespace, volume or definition', async () => {
  await environments.deploy(environment, set);
  writeFileSync(join(folder, 'other.json'), JSON.stringify(settings('other')));
  await expect(prune()).rejects.toThrow(/ApplySet parent object .* is not owned by|tooling/i);
  expect(await there()).toEqual([
    'Namespace',
    'CustomResourceDefinition',
    'PersistentVolumeClaim',
    'ConfigMap',
  ]);

  const parent = { apiVersion: 'v1', kind: 'Secret', name: inventoryName, namespace: environment };
  await client.patch(parent, { metadata: { annotations: { [toolingAnnotation]: 'kubectl/v1.34.0' } } });
  await prune();
  expect(await there()).toEqual(['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim']);
  const records = await target.records(environment);
  expect(records).toHaveLength(1);

  // It is kubectl's now.
  await expect(environments.deploy(environment, set)).rejects.toThrow(
    /inventory of .* is not Berth's any more: its applyset\.kubernetes\.io\/tooling is kubectl\/v/,
  );
  await client.delete(parent);
  await environments.deploy(environment, set);
  expect(await there()).toHaveLength(set.length);
});
