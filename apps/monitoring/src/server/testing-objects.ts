/* Only tests use this: objects as the API server has them. */
import type { LiveObject } from '@berth/kube';

const created = '2026-01-01T00:00:00Z';

function object(
  apiVersion: string,
  kind: string,
  name: string,
  fields: object,
  metadata: object = {},
): LiveObject {
  return {
    apiVersion,
    kind,
    metadata: { name, uid: `${kind}:${name}`, resourceVersion: '1', creationTimestamp: created, ...metadata },
    ...fields,
  } as LiveObject;
}

export function namespace(name: string, annotations: Record<string, string> = {}): LiveObject {
  return object(
    'v1',
    'Namespace',
    name,
    {},
    {
      labels: { 'app.kubernetes.io/managed-by': 'berth' },
      annotations,
    },
  );
}

export interface ServiceOptions {
  environment?: string;
  ready?: boolean;
  /** Why the container waits. */
  waiting?: { reason: string; message: string };
  /** Laid over the container of the template. */
  container?: object;
  /** Laid over the status of the container. */
  containerStatus?: object;
}

/** A Deployment of one pod, with its ReplicaSet. */
export function service(name: string, options: ServiceOptions = {}): LiveObject[] {
  const { environment = 'staging', waiting, container = {}, containerStatus = {} } = options;
  const ready = options.ready ?? !waiting;
  const labels = { 'app.kubernetes.io/name': name };
  const revision = { 'deployment.kubernetes.io/revision': '1' };
  const place = (kind: string, owner?: string) => ({
    namespace: environment,
    uid: `${kind}:${environment}:${name}`,
    labels,
    ...(kind === 'Pod' ? {} : { annotations: revision }),
    ...(owner && { ownerReferences: [{ uid: `${owner}:${environment}:${name}` }] }),
  });
  const containers = [
    {
      name,
      image: `localhost:5000/berth/${name}@sha256:${'0123'.repeat(16)}`,
      readinessProbe: {},
      ...container,
    },
  ];
  const count = ready ? 1 : 0;
  return [
    object(
      'apps/v1',
      'Deployment',
      name,
      {
        spec: { replicas: 1, template: { spec: { containers } } },
        status: {
          observedGeneration: 1,
          replicas: 1,
          updatedReplicas: 1,
          readyReplicas: count,
          availableReplicas: count,
        },
      },
      { ...place('Deployment'), generation: 1 },
    ),
    object('apps/v1', 'ReplicaSet', `${name}-1`, { status: {} }, place('ReplicaSet', 'Deployment')),
    object(
      'v1',
      'Pod',
      `${name}-1-a`,
      {
        spec: { nodeName: 'node-1', containers },
        status: {
          phase: waiting ? 'Pending' : 'Running',
          startTime: created,
          conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
          containerStatuses: [
            {
              name,
              restartCount: 0,
              ready,
              state: waiting ? { waiting } : { running: { startedAt: created } },
              ...containerStatus,
            },
          ],
        },
      },
      place('Pod', 'ReplicaSet'),
    ),
  ];
}

/** A public Service and its endpoint. */
export function publicService(name: string, environment = 'staging', fields: object = {}): LiveObject[] {
  const place = { namespace: environment, uid: `Service:${environment}:${name}` };
  return [
    object(
      'v1',
      'Service',
      name,
      {
        spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ name: 'http', port: 8080 }] },
        ...fields,
      },
      {
        ...place,
        labels: { 'berth.dev/public': 'true', 'app.kubernetes.io/name': name },
        annotations: { 'berth.dev/public-ports': 'http', 'berth.dev/domain': 'localhost' },
      },
    ),
    object(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      `${name}-abcde`,
      {
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
      { namespace: environment, labels: { 'kubernetes.io/service-name': name } },
    ),
  ];
}

/** An event on the pod of a service. */
export function podEvent(name: string, fields: { reason: string; message: string; at?: string }): LiveObject {
  const { reason, message, at = created } = fields;
  const involvedObject = { kind: 'Pod', name: `${name}-1-a`, uid: `Pod:staging:${name}` };
  return object(
    'v1',
    'Event',
    `${name}.${reason}`,
    { type: 'Warning', reason, message, count: 2, lastTimestamp: at, involvedObject },
    { namespace: 'staging' },
  );
}

/** The Lease of a deploy that began a minute ago. */
export function deployLease(holder: string, renewTime: Date, environment = 'staging'): LiveObject {
  const time = renewTime.toISOString();
  return object(
    'coordination.k8s.io/v1',
    'Lease',
    'berth-deploy',
    { spec: { holderIdentity: `${holder}#1`, acquireTime: time, renewTime: time, leaseDurationSeconds: 30 } },
    { namespace: environment },
  );
}
