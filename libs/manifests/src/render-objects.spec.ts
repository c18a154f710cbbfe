import { resolveEnvironment, type Service } from '@berth/model';
import type { KubernetesObject } from './object';
import { renderObjects } from './render-objects';
import { REGISTRY, testDesk, testEnvironment, testService } from './testing-models';

const HTTP = { name: 'http', port: 8080 };

type Loose = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Objects of a service with this service.json, by kind; `others` are there too. */
function render(
  document: object,
  others: Service[] = [],
): (kind: string, name?: string) => Loose | undefined {
  const environment = testEnvironment();
  const services = resolveEnvironment(environment, [testService('pricing', document), ...others]);
  const objects = renderObjects(environment, services, { registry: REGISTRY });
  return (kind, name = 'pricing') =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
}

function pod(document: object, others: Service[] = []): Loose {
  const find = render(document, others);
  return (find('Deployment') ?? find('StatefulSet'))!['spec'].template.spec;
}

function container(document: object, others: Service[] = []): Loose {
  return pod(document, others)['containers'][0];
}

describe('each field of service.json', () => {
  it('ports: opens them, and leads port 80 to the first HTTP port', () => {
    const ports = [
      { name: 'sql', port: 5432, appProtocol: 'tcp' },
      HTTP,
      { name: 'live', port: 8081, appProtocol: 'ws' },
    ];
    expect(render({ ports })('Service')!['spec'].ports).toEqual([
      { name: 'sql', port: 5432, targetPort: 'sql', protocol: 'TCP' },
      { name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
      { name: 'live', port: 8081, targetPort: 'live', protocol: 'TCP', appProtocol: 'kubernetes.io/ws' },
      { name: 'web80', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
    ]);
    expect(container({ ports: [HTTP] })['ports']).toEqual([
      { name: 'http', containerPort: 8080, protocol: 'TCP' },
    ]);
    expect(render({})('Service')).toBeUndefined();
  });

  it('ports[].public: tells the gateway', () => {
    const ports = [
      { name: 'inside', port: 8079 },
      { ...HTTP, public: true },
      { name: 'live', port: 8081, public: true },
    ];
    const { labels, annotations } = render({ ports })('Service')!['metadata'];
    expect(labels['berth.dev/public']).toBe('true');
    expect(annotations).toEqual({ 'berth.dev/domain': 'localhost', 'berth.dev/public-ports': 'http,live' });
    expect(render({ ports: [HTTP] })('Service')!['metadata'].labels).not.toHaveProperty('berth.dev/public');
  });

  it('ports[].nodePort: opens it, and only it, on every node', () => {
    const find = render({
      ports: [
        { ...HTTP, nodePort: 80 },
        { name: 'admin', port: 8081 },
      ],
    });
    expect(find('Service', 'pricing-nodeport')!['spec']).toMatchObject({
      type: 'NodePort',
      ports: [{ name: 'http', port: 8080, targetPort: 'http', nodePort: 80 }],
    });
    expect(find('Service')!['spec'].type).toBe('ClusterIP');
  });

  it('health: asks in all three stages', () => {
    const asked = container({ ports: [HTTP], health: { path: '/healthz', startSeconds: 7 } });
    const question = { httpGet: { path: '/healthz', port: 'http' } };
    expect(asked).toMatchObject({
      readinessProbe: question,
      livenessProbe: question,
      startupProbe: question,
    });
    const { periodSeconds, failureThreshold } = asked['startupProbe'];
    expect(periodSeconds * failureThreshold).toBe(7);
  });

  it.each([
    [{ tcp: true }, { tcpSocket: { port: 'http' } }],
    [{ grpc: 'http', service: 'x' }, { grpc: { port: 8080, service: 'x' } }],
    [{ exec: ['ready', '$(A)'] }, { exec: { command: ['ready', '$(A)'] } }],
  ])('health: asks by %j', (health, question) => {
    expect(container({ ports: [HTTP], health })['livenessProbe']).toMatchObject(question);
  });

  it('scale: one number of pods, and a disruption budget from 2 on', () => {
    expect(render({ scale: { min: 3 } })('Deployment')!['spec'].replicas).toBe(3);
    expect(render({ scale: { min: 2 } })('PodDisruptionBudget')!['spec']).toMatchObject({
      maxUnavailable: 1,
    });
    expect(render({ scale: { min: 1 } })('PodDisruptionBudget')).toBeUndefined();
    expect(render({ scale: { min: 1 } })('HorizontalPodAutoscaler')).toBeUndefined();
  });

  it.each([
    ['Deployment', {}],
    ['StatefulSet', { volumes: [{ name: 'data', path: '/data', size: '1Gi' }] }],
  ])('scale.max: an autoscaler for a %s, which then has no replicas field', (kind, more) => {
    const find = render({ scale: { min: 2, max: 9, cpu: 55 }, ...more });
    expect(find(kind)!['spec']).not.toHaveProperty('replicas');
    expect(find('HorizontalPodAutoscaler')!['spec']).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind, name: 'pricing' },
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [{ resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 55 } } }],
    });
  });

  it('resources: requests, and the limit of memory', () => {
    expect(container({ resources: { cpu: '50m', memory: '64Mi' } })['resources']).toEqual({
      requests: { cpu: '50m', memory: '64Mi' },
      limits: { memory: '64Mi' },
    });
  });

  it('needs, env and secrets: variables, the service itself before its needs, secrets before both', () => {
    const others = ['feed', 'store'].map((name) => testService(name, { ports: [HTTP] }));
    const document = {
      needs: ['feed', 'store'],
      env: { FEED_URL: 'http://elsewhere', PRICE: '$(A) $$ $5', ON: 'yes' },
      secrets: ['STORE_URL', 'TOKEN'],
    };
    const secret = (key: string) => ({
      name: key,
      valueFrom: { secretKeyRef: { name: 'berth-secrets', key } },
    });
    expect(container(document, others)['env']).toEqual([
      { name: 'FEED_URL', value: 'http://elsewhere' },
      { name: 'PRICE', value: '$$(A) $$$$ $$5' },
      { name: 'ON', value: 'yes' },
      secret('STORE_URL'),
      secret('TOKEN'),
    ]);
    expect(container({ needs: ['feed'] }, others)['env']).toEqual([
      { name: 'FEED_URL', value: 'http://feed' },
    ]);
  });

  it('volumes: a StatefulSet with a claim each, that its user can write', () => {
    const document = { volumes: [{ name: 'data', path: '/data', size: '2Gi' }], user: 70 };
    const { spec } = render(document)('StatefulSet')!;
    expect(spec.volumeClaimTemplates).toMatchObject([
      { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '2Gi' } } } },
    ]);
    expect(container(document)['volumeMounts']).toEqual([{ name: 'data', mountPath: '/data' }]);
    expect(pod(document)['securityContext']).toMatchObject({ runAsUser: 70, runAsGroup: 70, fsGroup: 70 });
    expect(render(document)('Deployment')).toBeUndefined();
  });

  it('command: literally, in place of the image’s', () => {
    expect(container({ command: ['run', '$(HOME)'] })['command']).toEqual(['run', '$$(HOME)']);
    expect(container({})).not.toHaveProperty('command');
  });

  it('user: runs as it', () => {
    expect(pod({ user: 4711 })['securityContext']).toMatchObject({ runAsUser: 4711, runAsGroup: 4711 });
    expect(pod({})['securityContext']).toMatchObject({ runAsUser: 1000 });
  });

  it('writable: empty folders', () => {
    const document = { writable: ['/tmp', '/run/x'] };
    expect(pod(document)['volumes']).toEqual([
      { name: 'writable-0', emptyDir: {} },
      { name: 'writable-1', emptyDir: {} },
    ]);
    expect(container(document)['volumeMounts']).toEqual([
      { name: 'writable-0', mountPath: '/tmp' },
      { name: 'writable-1', mountPath: '/run/x' },
    ]);
  });

  it('image: someone else’s, else the project’s own without tag', () => {
    expect(container({ image: 'postgres:17.2' })['image']).toBe('postgres:17.2');
    expect(container({})['image']).toBe('localhost:5000/berth/pricing');
  });

  it('proxy: goes to the gateway', () => {
    const proxy = { readTimeout: 9, hosts: ['a.example.com'] };
    const { annotations } = render({ ports: [{ ...HTTP, public: true }], proxy })('Service')!['metadata'];
    expect(JSON.parse(annotations['berth.dev/proxy'])).toEqual(proxy);
  });

  it('sidecars: containers of the same image that share the writable folders', () => {
    const sidecars = [{ name: 'nginx', command: ['nginx'], env: { A: 'b' }, resources: { cpu: '10m' } }];
    const [own, sidecar] = pod({ ports: [HTTP], writable: ['/run/x'], sidecars })['containers'];
    expect(sidecar).toMatchObject({
      name: 'nginx',
      image: own.image,
      command: ['nginx'],
      env: [{ name: 'A', value: 'b' }],
      resources: { requests: { cpu: '10m', memory: '128Mi' } },
      volumeMounts: own.volumeMounts,
      securityContext: own.securityContext,
    });
    expect(sidecar).not.toHaveProperty('ports');
  });

  it('apiAccess: a token for the API, else none', () => {
    expect(render({})('ServiceAccount')!['automountServiceAccountToken']).toBe(false);
    expect(pod({})['automountServiceAccountToken']).toBe(false);
    expect(render({ apiAccess: true })('ServiceAccount')!['automountServiceAccountToken']).toBe(true);
    expect(pod({ apiAccess: true })).toMatchObject({
      automountServiceAccountToken: true,
      serviceAccountName: 'pricing',
    });
  });
});

describe('renderObjects', () => {
  it('runs the images it is given, also in place of someone else’s', () => {
    const { environment, services } = testDesk();
    const images = new Map([['web', 'localhost:5000/berth/web@sha256:00']]);
    const objects = renderObjects(environment, services, { registry: REGISTRY, images });
    expect(objects.filter(({ kind }) => kind === 'Deployment').map(image)).toEqual([
      'localhost:5000/berth/pricing',
      'localhost:5000/berth/web@sha256:00',
    ]);
  });

  it('puts the namespace first, and it refuses pods that are not restricted', () => {
    const environment = testEnvironment({ ttl: '3d', protected: true });
    const [namespace] = renderObjects(environment, [], { registry: REGISTRY });
    expect(namespace).toMatchObject({
      kind: 'Namespace',
      metadata: {
        name: 'staging',
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
        annotations: { 'berth.dev/ttl': '3d', 'berth.dev/protected': 'true' },
      },
    });
  });

  it('lets endpoints drain before SIGTERM, and gives requests that run the time to end', () => {
    const drained = pod({ ports: [HTTP] });
    const seconds = drained['containers'][0].lifecycle.preStop.sleep.seconds;
    expect(seconds).toBeGreaterThan(0);
    expect(drained['terminationGracePeriodSeconds']).toBeGreaterThanOrEqual(seconds + 30);
    expect(container({})).not.toHaveProperty('lifecycle');
  });

  it('spreads pods over nodes, those of one rollout apart from the last', () => {
    expect(pod({})['topologySpreadConstraints'][0]).toMatchObject({
      topologyKey: 'kubernetes.io/hostname',
      maxSkew: 1,
      labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'pricing' } },
      matchLabelKeys: ['pod-template-hash'],
    });
  });
});

function image(object: KubernetesObject): unknown {
  return (object as Loose)['spec'].template.spec.containers[0].image;
}
