import type { KubernetesObject } from '@berth/manifests';
import { machinePaths } from '../paths';
import { annotated } from './content';
import { metricsObjects } from './metrics';
import { storageObjects } from './storage';

const storage = storageObjects(machinePaths('/root'));
const ofKind = (objects: readonly KubernetesObject[], kind: string) =>
  objects.find((object) => object.kind === kind);

describe('add-ons', () => {
  it('keep volumes below the state of the machine, by default', () => {
    expect(ofKind(storage, 'StorageClass')?.metadata.annotations).toEqual({
      'storageclass.kubernetes.io/is-default-class': 'true',
    });
    expect(JSON.stringify(ofKind(storage, 'ConfigMap'))).toContain('/var/lib/berth/volumes');
  });

  it('give helper pods, which mount the host, the account they ask for and a namespace that lets them', () => {
    // The default of the provisioner's --service-account-name.
    expect(ofKind(storage, 'ServiceAccount')?.metadata.name).toBe('local-path-provisioner-service-account');
    expect(ofKind(storage, 'Namespace')?.metadata.labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'privileged',
    });
  });

  it('bind accounts that exist, to roles of the same file or of Kubernetes', () => {
    for (const objects of [storage, metricsObjects()]) {
      const accounts = objects
        .filter(({ kind }) => kind === 'ServiceAccount')
        .map(({ metadata }) => metadata.name);
      const bindings = objects.filter(({ kind }) => kind.endsWith('Binding')) as (KubernetesObject & {
        subjects: { name: string }[];
      })[];
      expect(bindings.length).toBeGreaterThan(0);
      for (const { subjects } of bindings) expect(accounts).toContain(subjects[0]?.name);
    }
  });

  it('carry a key of their content, which changes with it', () => {
    const first = annotated(storage);
    const second = annotated([
      ...storage,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more' } },
    ]);
    expect(first.content).not.toBe(second.content);
    expect(annotated(storage).content).toBe(first.content);
    expect(ofKind(first.objects, 'Deployment')?.metadata.annotations).toEqual({
      'berth.dev/content': first.content,
    });
  });
});
