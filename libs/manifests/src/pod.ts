import type { Exposure, Port, Resources, Service } from '@berth/model';
import { selectorLabels } from './labels';
import { renderProbes } from './probes';
import { literal, renderPlain, renderVariables } from './variables';

/**
 * Seconds between the order to end a pod and SIGTERM. Until kube-proxy on every node and the gateway have heard that
 * the endpoint is going they still send requests, which the pod therefore still answers.
 */
export const DRAIN_SECONDS = 5;
/** Seconds after SIGTERM in which requests that run may end. */
export const SHUTDOWN_SECONDS = 30;

interface PodOptions {
  image: string;
  services: readonly Service[];
  /** How the cluster opens ports to the outside. */
  exposure: Exposure | undefined;
  /** Label that tells the pods of one rollout from those of the last, where the workload kind has one. */
  rolloutLabel?: string;
}

/** Whether the pods of a service take ports of the nodes that they run on. */
export function takesHostPorts({ ports }: Service, exposure: Exposure | undefined): boolean {
  return exposure === 'host-ports' && ports.some(({ nodePort }) => nodePort !== undefined);
}

/**
 * The pod spec of a service; meets the restricted Pod Security Standard whatever the service says, but for ports of its
 * host.
 */
export function renderPodSpec(
  service: Service,
  { image, services, exposure, rolloutLabel }: PodOptions,
): Record<string, unknown> {
  const container = (name: string, resources: Resources) => ({
    name,
    image,
    // The image is named by digest or by a tag that is never rebuilt.
    imagePullPolicy: 'IfNotPresent',
    resources: renderResources(resources),
  });
  const writable = service.writable.map((mountPath, index) => ({ name: `writable-${index}`, mountPath }));
  const volumes = service.volumes.map(({ name, path }) => ({ name, mountPath: path }));
  return {
    serviceAccountName: service.name,
    automountServiceAccountToken: service.apiAccess,
    // The variables that Docker links once had: they would change pods with every service that comes or goes.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: (service.ports.length ? DRAIN_SECONDS : 0) + SHUTDOWN_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: service.user,
      runAsGroup: service.user,
      ...(service.volumes.length && { fsGroup: service.user, fsGroupChangePolicy: 'OnRootMismatch' }),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
      (topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: selectorLabels(service) },
        // Without it a rollout counts the pods it replaces and puts the new ones on one node.
        ...(rolloutLabel !== undefined && { matchLabelKeys: [rolloutLabel] }),
      }),
    ),
    containers: [
      {
        ...container(service.name, service.resources),
        ...(service.command && { command: service.command.map(literal) }),
        ...filled(
          'ports',
          service.ports.map((port) => containerPort(port, exposure)),
        ),
        ...filled('env', renderVariables(service, services)),
        ...(service.health && renderProbes(service.health, service.ports)),
        ...drain(service),
        securityContext: containerSecurity(),
        ...filled('volumeMounts', [...volumes, ...writable]),
      },
      ...service.sidecars.map((sidecar) => ({
        ...container(sidecar.name, sidecar.resources),
        command: sidecar.command.map(literal),
        ...filled('env', renderPlain(sidecar.env)),
        ...drain(service),
        securityContext: containerSecurity(),
        ...filled('volumeMounts', writable),
      })),
    ],
    ...filled(
      'volumes',
      writable.map(({ name }) => ({ name, emptyDir: {} })),
    ),
  };
}

function containerPort({ name, port, nodePort }: Port, exposure: Exposure | undefined) {
  const hostPort = exposure === 'host-ports' ? nodePort : undefined;
  return { name, containerPort: port, ...(hostPort !== undefined && { hostPort }), protocol: 'TCP' };
}

function containerSecurity(): Record<string, unknown> {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  };
}

/** CPU has no limit: what nobody else uses is free, and a limit would only slow the pod down. */
function renderResources({ cpu, memory }: Resources): Record<string, unknown> {
  return { requests: { cpu, memory }, limits: { memory } };
}

/** The kubelet's own sleep (since Kubernetes 1.30), because small images have no program that sleeps. */
function drain(service: Service): Record<string, unknown> {
  return service.ports.length ? { lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } } } : {};
}

function filled(field: string, items: readonly unknown[]): Record<string, unknown> {
  return items.length ? { [field]: items } : {};
}
