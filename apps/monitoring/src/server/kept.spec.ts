import type { LiveObject } from '@berth/kube';
import { keptOf } from './kept';
import { namespace, podEvent, publicService, service } from './testing-objects';

const secret = 'hunter2';
const said = {
  exitCode: 1,
  reason: 'Error',
  message: `password is ${secret}`,
  finishedAt: '2026-01-01T00:00:01Z',
};

it('leaves out whatever may be secret, wherever it stands', () => {
  const container = {
    env: [{ name: 'STORE_PASSWORD', value: secret }],
    command: ['sh', '-c', secret],
    args: [secret],
    readinessProbe: {
      exec: { command: [secret] },
      httpGet: { path: '/', port: 80, httpHeaders: [{ name: 'Authorization', value: secret }] },
    },
    livenessProbe: { httpGet: { path: `/${secret}`, port: 80 } },
  };
  const objects: LiveObject[] = [
    namespace('staging', { 'kubectl.kubernetes.io/last-applied-configuration': secret }),
    ...service('web', {
      container,
      ready: false,
      containerStatus: { state: { terminated: said }, lastState: { terminated: said } },
    }),
    ...publicService('web').map((each) => ({ ...each, data: secret })),
    podEvent('web', { reason: 'Unhealthy', message: `Readiness probe failed: password is ${secret}` }),
    podEvent('web', {
      reason: 'Unhealthy',
      message: `(combined from similar events): Liveness probe failed: HTTP probe failed with statuscode: 500 ${secret}`,
    }),
  ];
  for (const object of objects) {
    const managedFields = [{ manager: secret, operation: 'Apply' as const }];
    const kept = keptOf({ ...object, metadata: { ...object.metadata, managedFields } });
    expect([object.kind, JSON.stringify(kept)]).toEqual([object.kind, expect.not.stringContaining(secret)]);
    expect(kept.metadata.uid).toBe(object.metadata.uid);
  }
});

it('keeps what health is judged by', () => {
  const [deployment, , pod] = service('web', {
    waiting: { reason: 'ErrImagePull', message: 'not found' },
    containerStatus: { lastState: { terminated: said } },
  }).map(keptOf);
  expect(deployment).toMatchObject({ spec: { replicas: 1 }, status: { updatedReplicas: 1 } });
  expect(pod).toMatchObject({
    spec: { nodeName: 'node-1', containers: [{ name: 'web', readinessProbe: {} }] },
    status: {
      containerStatuses: [
        { state: { waiting: { reason: 'ErrImagePull' } }, lastState: { terminated: { exitCode: 1 } } },
      ],
    },
  });
});

it('keeps of a template how it is asked for readiness, and of a pod only that it is', () => {
  const httpGet = { path: '/readyz', port: 'http' };
  const ports = [{ name: 'http', containerPort: 8080, protocol: 'TCP' }];
  const [deployment, , pod] = service('web', { container: { ports, readinessProbe: { httpGet } } }).map(
    keptOf,
  );
  const container = { name: 'web', image: expect.any(String) };
  expect(deployment!['spec']).toMatchObject({
    template: {
      spec: {
        containers: [
          { ...container, ports: [{ name: 'http', containerPort: 8080 }], readinessProbe: { httpGet } },
        ],
      },
    },
  });
  expect((pod!['spec'] as { containers: unknown }).containers).toEqual([
    { ...container, readinessProbe: {} },
  ]);
});

it.each([
  'Readiness probe failed: HTTP probe failed with statuscode: 503',
  'Startup probe failed: Get "http://10.0.0.1:8080/healthz": dial tcp 10.0.0.1:8080: connect: connection refused',
  'Liveness probe errored: rpc error',
])('keeps what the node says of a probe by itself: %s', (message) => {
  expect(keptOf(podEvent('web', { reason: 'Unhealthy', message }))['message']).toBe(message);
});

it('refuses a kind that nobody has thought about', () => {
  expect(() => keptOf({ ...namespace('x'), kind: 'Secret' })).toThrow('Secret is not watched');
});
