/* Only tests use this: what the restricted Pod Security Standard asks of a pod. */

interface Container {
  name: string;
  image: string;
  ports?: { hostPort?: number }[];
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    privileged?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: string[]; add?: string[] };
  };
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Record<string, unknown>[];
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: { runAsNonRoot?: boolean; runAsUser?: number; seccompProfile?: { type: string } };
}

/** Volumes that the standard lets a pod have. */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** What of the standard a pod does not meet, and the read-only root that Berth asks on top. https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export function restrictedViolations(pod: PodSpec): string[] {
  const violations: string[] = [];
  const check = (met: boolean, what: string): void => {
    if (!met) violations.push(what);
  };
  check(!pod.hostNetwork && !pod.hostPID && !pod.hostIPC, 'host namespaces');
  check(pod.securityContext?.runAsNonRoot === true, 'runAsNonRoot');
  check((pod.securityContext?.runAsUser ?? 0) > 0, 'runAsUser');
  check(pod.securityContext?.seccompProfile?.type === 'RuntimeDefault', 'seccompProfile');
  for (const volume of pod.volumes ?? []) {
    const [kind] = Object.keys(volume).filter((field) => field !== 'name');
    check(kind !== undefined && VOLUMES.includes(kind), `volume ${kind}`);
  }
  for (const { name, ports, securityContext } of [...pod.containers, ...(pod.initContainers ?? [])]) {
    check(
      (ports ?? []).every((port) => port.hostPort === undefined),
      `${name}: hostPort`,
    );
    check(securityContext?.allowPrivilegeEscalation === false, `${name}: allowPrivilegeEscalation`);
    check(!securityContext?.privileged, `${name}: privileged`);
    check(securityContext?.capabilities?.drop?.includes('ALL') === true, `${name}: capabilities.drop`);
    check(!securityContext?.capabilities?.add, `${name}: capabilities.add`);
    check(securityContext?.readOnlyRootFilesystem === true, `${name}: readOnlyRootFilesystem`);
  }
  return violations;
}
