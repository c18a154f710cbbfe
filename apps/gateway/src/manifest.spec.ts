import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderObjects } from '@berth/manifests';
import { parseEnvironment, parseService, resolveEnvironment } from '@berth/model';

const ROOT = join(__dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('the gateway in the environment admin', () => {
  const environment = parseEnvironment(
    '{ "projects": ["tag:scope:admin"] }',
    { name: 'admin', root: 'deploy/environments/admin' },
    { domain: 'localhost' },
  );
  const service = parseService(read('service.json'), 'apps/gateway/service.json', 'gateway');
  const objects = renderObjects(environment, resolveEnvironment(environment, [service]), {
    registry: 'localhost:5000/berth',
    extras: [{ service: 'gateway', name: 'rbac.yaml', content: read('kubernetes/rbac.yaml') }],
  });
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);

  it('shares its sockets and snapshot with its controller, which alone among its kind gets a token', () => {
    const pod = (find('Deployment', 'gateway')?.spec as { template: { spec: object } }).template.spec;
    const mounts = expect.arrayContaining([expect.objectContaining({ mountPath: '/run/gateway' })]);
    expect(pod).toMatchObject({
      serviceAccountName: 'gateway',
      automountServiceAccountToken: true,
      containers: [
        { name: 'gateway', volumeMounts: mounts },
        {
          name: 'controller',
          command: expect.arrayContaining(['node', '/app/main.js']),
          volumeMounts: mounts,
        },
      ],
    });
  });

  it('is open at ports 80 and 443 of every node', () => {
    expect(find('Service', 'gateway-nodeport')).toMatchObject({
      spec: {
        ports: [
          { targetPort: 'http', nodePort: 80 },
          { targetPort: 'https', nodePort: 443 },
        ],
      },
    });
  });

  it('may read the Secrets that it is told of, and no others', () => {
    const [controller] = service.sidecars;
    expect(find('Role', 'gateway-certificates')).toMatchObject({
      metadata: { namespace: 'admin' },
      rules: [
        {
          apiGroups: [''],
          resources: ['secrets'],
          resourceNames: controller!.env.TLS_SECRETS!.split(','),
          verbs: ['list', 'watch'],
        },
      ],
    });
    expect(find('RoleBinding', 'gateway-certificates')).toMatchObject({
      roleRef: { kind: 'Role', name: 'gateway-certificates' },
      subjects: [{ kind: 'ServiceAccount', name: 'gateway', namespace: 'admin' }],
    });
  });

  it('may read Services and EndpointSlices of the whole cluster, tell of refusals, and no more', () => {
    const rules = (find('ClusterRole', 'berth-gateway-admin') as unknown as { rules: object[] }).rules;
    expect(rules).toEqual([
      { apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
      { apiGroups: [''], resources: ['services/status'], verbs: ['patch'] },
    ]);
    expect(find('ClusterRoleBinding', 'berth-gateway-admin')).toMatchObject({
      subjects: [{ kind: 'ServiceAccount', name: 'gateway', namespace: 'admin' }],
    });
  });
});
