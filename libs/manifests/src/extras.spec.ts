import { extraObjects, extraText } from './extras';
import { testEnvironment } from './testing-models';

const environment = testEnvironment();

function file(...lines: string[]) {
  return { service: 'web', name: 'extra.yaml', content: `${lines.join('\n')}\n` };
}

describe('extra files', () => {
  it('go into the namespace unless they name one or their kind has none', () => {
    const extra = file(
      '---',
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata:',
      '  name: one',
      '---',
      '# kept',
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: { name: two, namespace: other }',
      '---',
      'apiVersion: rbac.authorization.k8s.io/v1',
      'kind: ClusterRole',
      'metadata: { name: reader-staging }',
      '---',
    );
    const namespaces = extraObjects(environment, extra).map(({ metadata }) => [
      metadata.name,
      metadata.namespace,
    ]);
    expect(namespaces).toEqual([
      ['one', 'staging'],
      ['two', 'other'],
      ['reader-staging', undefined],
    ]);
    const text = extraText(environment, extra);
    expect(text).toContain('# kept\n');
    // Kustomize makes that one.
    expect(text).not.toContain('name: one');
  });

  it('give the service accounts in role bindings the namespace', () => {
    const extra = file(
      'apiVersion: rbac.authorization.k8s.io/v1',
      'kind: ClusterRoleBinding',
      'metadata: { name: reader-staging }',
      'roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader-staging }',
      'subjects:',
      '  - { kind: ServiceAccount, name: web }',
      '  - { kind: Group, name: people }',
    );
    expect(extraObjects(environment, extra)[0]).toMatchObject({
      subjects: [
        { kind: 'ServiceAccount', name: 'web', namespace: 'staging' },
        { kind: 'Group', name: 'people' },
      ],
    });
  });

  it.each([
    [file('a: [', 'b'), 'web: kubernetes/extra.yaml is no YAML'],
    [file('just: text'), 'web: kubernetes/extra.yaml is no Kubernetes object'],
  ])('are refused when they are no objects: %j', (extra, expected) => {
    expect(() => extraObjects(environment, extra)).toThrow(expected);
  });
});
