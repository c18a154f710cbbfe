/* Only tests use this. */
import type { DockerConfig, DockerNode } from './docker/objects';
import { dockerService, dockerTask } from './testing-docker';

const spec = {
  ContainerSpec: {
    Image: 'localhost:5000/berth/web@sha256:1',
    Command: ['node', '--secret=hunter2'],
    Env: ['STORE_PASSWORD=hunter2'],
    Secrets: [{ SecretID: 's1', SecretName: 'staging_HUNTER2.1' }],
    Healthcheck: { Test: ['CMD-SHELL', 'answers http://127.0.0.1:8080/hunter2'] },
  },
};

/** A public service of `staging` that runs one task, with what nobody is to see of it. */
export function webService(fields: Parameters<typeof dockerService>[1] = {}) {
  const { Spec, ...rest } = dockerService();
  return {
    ...rest,
    Spec: {
      ...Spec,
      Labels: {
        'app.kubernetes.io/name': 'web',
        'app.kubernetes.io/managed-by': 'berth',
        'berth.dev/environment': 'staging',
        'berth.dev/public': 'true',
        'berth.dev/domain': 'localhost',
        'berth.dev/public-ports': 'http',
        'berth.dev/ports': '[{"name":"http","port":8080,"appProtocol":"http"}]',
        'berth.dev/readiness': '{"port":8080,"path":"/readyz"}',
        'berth.dev/spec-hash': 'hunter2',
      },
      TaskTemplate: { ...spec, Runtime: 'container' },
    },
    ...fields,
  };
}

/** A task of it. @param slot of which it is */
export function webTask(id: string, state: string, options: Parameters<typeof dockerTask>[2] = {}) {
  return {
    ...dockerTask(id, state, options),
    Spec: spec,
    NodeID: 'node1',
    NetworksAttachments: [
      { Network: { ID: 'n2', Spec: { Name: 'staging_default' } }, Addresses: ['10.0.2.5/24'] },
      { Network: { ID: 'n1', Spec: { Name: 'berth-admin' } }, Addresses: ['10.0.1.5/24'] },
    ],
  };
}

export const node = {
  ID: 'node1',
  Version: { Index: 1 },
  CreatedAt: '2026-01-01T00:00:00Z',
  UpdatedAt: '2026-01-01T00:00:00Z',
  Spec: { Role: 'manager', Availability: 'active' },
  Description: { Hostname: 'alpha' },
  Status: { State: 'ready' },
} satisfies DockerNode;

/** A config of Berth's. */
export function config(name: string, labels: Record<string, string>): DockerConfig {
  return {
    ID: name,
    Version: { Index: 1 },
    CreatedAt: '2026-01-01T00:00:00Z',
    UpdatedAt: '2026-01-01T00:00:00Z',
    Spec: {
      Name: name,
      Labels: { 'app.kubernetes.io/managed-by': 'berth', ...labels },
      Data: 'aHVudGVyMg==',
    },
  };
}

/** The mark of an environment. */
export function markOf(environment: string, labels: Record<string, string> = {}): DockerConfig {
  return config(`${environment}_berth-environment`, { 'berth.dev/environment': environment, ...labels });
}
