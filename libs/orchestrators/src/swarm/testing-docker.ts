import type { DockerService, DockerTask } from './docker/objects';

const version = {
  Version: { Index: 1 },
  CreatedAt: '2026-01-02T12:00:00Z',
  UpdatedAt: '2026-01-02T12:00:00Z',
};

/** A service as dockerd answers it, with this image. */
export function dockerService(image = 'web@sha256:1', fields: Partial<DockerService> = {}): DockerService {
  return {
    ...version,
    ID: 'service1',
    Spec: {
      Name: 'staging_web',
      Labels: { 'app.kubernetes.io/name': 'web' },
      TaskTemplate: { ContainerSpec: { Image: image }, Runtime: 'container' },
      Mode: { Replicated: { Replicas: 1 } },
    },
    ...fields,
  };
}

/** A task of that service. @param at seconds after twelve */
export function dockerTask(
  id: string,
  state: string,
  {
    at = 0,
    image = 'web@sha256:1',
    error,
    slot = 1,
  }: { at?: number; image?: string; error?: string; slot?: number } = {},
): DockerTask {
  return {
    ...version,
    ID: id.padEnd(25, '0'),
    ServiceID: 'service1',
    Slot: slot,
    Spec: { ContainerSpec: { Image: image } },
    DesiredState: ['failed', 'rejected', 'shutdown'].includes(state) ? 'shutdown' : 'running',
    Status: {
      Timestamp: new Date(Date.parse('2026-01-02T12:00:00Z') + at * 1000).toISOString(),
      State: state,
      ...(error === undefined ? {} : { Err: error }),
      ContainerStatus: { ExitCode: state === 'failed' ? 3 : 0 },
    },
  };
}

/** Milliseconds since 1970, so many seconds after twelve. */
export function secondsAfterTwelve(seconds: number): number {
  return Date.parse('2026-01-02T12:00:00Z') + seconds * 1000;
}
