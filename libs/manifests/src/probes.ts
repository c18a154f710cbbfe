import type { Health, Port, Probe } from '@berth/model';

/**
 * The three probes of a container. Until the startup probe succeeds the others wait; it asks every second, so that a
 * container takes requests within a second of being able to.
 */
export function renderProbes(health: Health, ports: readonly Port[]): Record<string, unknown> {
  return {
    startupProbe: {
      ...renderProbe(health.startup, ports),
      periodSeconds: 1,
      timeoutSeconds: 3,
      failureThreshold: health.startSeconds,
    },
    readinessProbe: {
      ...renderProbe(health.readiness, ports),
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 2,
    },
    livenessProbe: {
      ...renderProbe(health.liveness, ports),
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
  };
}

function renderProbe(probe: Probe, ports: readonly Port[]): Record<string, unknown> {
  switch (probe.kind) {
    case 'path':
      return { httpGet: { path: probe.path, port: probe.port } };
    case 'tcp':
      return { tcpSocket: { port: probe.port } };
    case 'grpc':
      return {
        grpc: {
          // Unlike the others, a gRPC probe takes no port name.
          port: ports.find((port) => port.name === probe.port)!.port,
          ...(probe.service !== undefined && { service: probe.service }),
        },
      };
    case 'exec':
      return { exec: { command: probe.command } };
  }
}
