import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSwarmService, renderObjects, renderSwarmObjects } from '@berth/manifests';
import { parseEnvironment, parseService, resolveEnvironment } from '@berth/model';

const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('monitoring in the environment admin', () => {
  const environment = parseEnvironment(
    '{ "projects": ["tag:scope:admin"] }',
    { name: 'admin', root: 'deploy/environments/admin' },
    { domain: 'localhost' },
  );
  const service = parseService(read('service.json'), 'apps/monitoring/service.json', 'monitoring');
  const objects = renderObjects(environment, resolveEnvironment(environment, [service]), {
    registry: 'localhost:5000/berth',
    extras: [{ service: 'monitoring', name: 'rbac.yaml', content: read('kubernetes/rbac.yaml') }],
  });
  const roles = objects.filter(({ kind }) => /^(Cluster)?Role$/.test(kind)) as unknown as {
    rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  }[];
  const rules = roles.flatMap((role) => role.rules);

  it('may list and watch, and do nothing else', () => {
    expect([...new Set(rules.flatMap(({ verbs }) => verbs))].sort()).toEqual(['list', 'watch']);
  });

  it('may read no Secret, no ConfigMap and no log, by name or by any wildcard', () => {
    const resources = rules.flatMap((rule) => rule.resources);
    expect(resources.sort()).toEqual([
      'daemonsets',
      'deployments',
      'endpointslices',
      'events',
      'leases',
      'namespaces',
      'pods',
      'replicasets',
      'services',
      'statefulsets',
    ]);
    expect(rules.flatMap(({ apiGroups }) => apiGroups)).not.toContain('*');
  });

  it('has metrics that no address leads to', () => {
    const [inside] = objects.filter(({ kind }) => kind === 'Service');
    expect(inside!.metadata.annotations).toMatchObject({ 'berth.dev/public-ports': 'http' });
    expect(JSON.stringify(inside)).toContain('"name":"metrics","port":8081');
  });

  it.each(['MONITORING_TOKEN', 'LOG_READER_TOKEN'])('has %s from a Secret', (name) => {
    const [workload] = objects.filter(({ kind }) => kind === 'StatefulSet');
    expect(JSON.stringify(workload)).toContain(
      `{"name":"${name}","valueFrom":{"secretKeyRef":{"name":"berth-secrets","key":"${name}"}}}`,
    );
  });
});

describe('monitoring on a Swarm', () => {
  const environment = parseEnvironment(
    '{ "projects": ["tag:scope:admin"], "orchestrator": "swarm" }',
    { name: 'operations', root: 'deploy/environments/operations' },
    { domain: 'localhost' },
  );
  const service = parseService(read('service.json'), 'apps/monitoring/service.json', 'monitoring');
  const services = renderSwarmObjects(environment, resolveEnvironment(environment, [service]), {
    registry: 'localhost:5000/berth',
  }).filter(isSwarmService);
  const named = (name: string) => services.find(({ metadata }) => metadata.name === name)!;

  it('has no way to dockerd but a reader of the same image, which has neither its secrets nor another way out', () => {
    expect(services.map(({ metadata }) => metadata.name).sort()).toEqual(['monitoring', 'monitoring-api']);
    const sockets = ({ spec }: (typeof services)[0]) =>
      spec.Container.Mounts.filter(({ Source }) => Source?.endsWith('docker.sock'));
    expect([sockets(named('monitoring')).length, sockets(named('monitoring-api')).length]).toEqual([0, 1]);
    expect(named('monitoring-api').spec).toMatchObject({
      Container: { Command: ['node', '/app/docker-reader.js'], Secrets: [], CapabilityDrop: ['ALL'] },
      Networks: [{ name: 'operations_monitoring-api' }],
      Ports: [],
    });
  });

  it('has no token of a log reader, since there is none', () => {
    expect(named('monitoring').spec.Container.Secrets).toEqual([{ name: 'MONITORING_TOKEN' }]);
  });

  it('knows where it is, and is asked for its readiness like others', () => {
    const { Env } = named('monitoring').spec.Container;
    expect(Env).toContainEqual({ name: 'SWARM_API_URL', value: 'http://monitoring-api:8080' });
    expect(Env).toContainEqual({ name: 'SWARM_ENVIRONMENT', value: 'operations' });
    expect(named('monitoring').metadata.labels?.['berth.dev/readiness']).toBe(
      '{"port":8080,"path":"/readyz"}',
    );
  });
});
