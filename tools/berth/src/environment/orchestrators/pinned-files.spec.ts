import type { KubernetesObject } from '@berth/manifests';
import { parse } from 'yaml';
import { pinnedFiles } from './pinned-files';

const object = (kind: string, name: string, service?: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(service ? { labels: { 'app.kubernetes.io/name': service } } : {}) },
});

it('names its files in the order in which they can be applied one after the other', () => {
  const files = pinnedFiles(
    'staging',
    ['store', 'api'],
    [
      object('Deployment', 'api', 'api'),
      object('Service', 'api', 'api'),
      object('Role', 'api:reader'),
      object('CustomResourceDefinition', 'boats.example.com'),
      object('StatefulSet', 'store', 'store'),
      object('Namespace', 'staging'),
    ],
  );
  const [kustomization, ...others] = files;
  const resources = [
    'namespace.yaml',
    'kubernetes/customresourcedefinition-boats.example.com.yaml',
    'kubernetes/role-api-reader.yaml',
    'services/store.yaml',
    'services/api.yaml',
  ];
  expect(parse(kustomization?.content ?? '')).toMatchObject({ kind: 'Kustomization', resources });
  expect(others.map(({ path }) => path)).toEqual(resources);
  expect(files.at(-1)?.content.match(/^kind: .*$/gm)).toEqual(['kind: Deployment', 'kind: Service']);
});

it('keeps two objects apart whose names come to the same file', () => {
  const files = pinnedFiles('staging', [], [object('Role', 'a:b'), object('Role', 'a-b')]);
  expect(files.at(-1)?.content.match(/name: .*$/gm)).toEqual(['name: a:b', 'name: a-b']);
});
