import type { LiveObject } from '@berth/kube';
import { nodeScalingOf } from './node-scaling';
import type { Nodes } from './nodes';
import { impossibleProbe, killedByProbe } from './probes';

/** Something that shows that a workload may never become healthy. */
export interface Sign {
  /** The same sign keeps its key from one look to the next. */
  key: string;
  message: string;
  /** Milliseconds that it may last before there is no hope; 0: none at once. */
  graceMs: number;
  pod?: string;
  container?: string;
}

/** For what may pass by itself: the network, a registry that restarts, a node that is slow. */
const transientMs = 60_000;
/** For what is a refusal, but might be one that another object of the same deploy is about to end. */
const settleMs = 2_000;
const crashes = 3;

interface Run {
  reason?: string;
  message?: string;
  exitCode: number;
  startedAt?: string;
  finishedAt?: string;
  containerID?: string;
}

interface ContainerStatus {
  name: string;
  /** Of the last run, which may be over. */
  containerID?: string;
  restartCount: number;
  ready?: boolean;
  /** Its startup probe has succeeded, or it has none. */
  started?: boolean;
  state?: {
    waiting?: { reason?: string; message?: string };
    running?: object;
    terminated?: Run;
  };
  lastState?: { terminated?: Run };
}

interface PodFields {
  status?: {
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

interface DeploymentFields {
  spec?: { progressDeadlineSeconds?: number };
  status?: { conditions?: { type: string; reason?: string }[] };
}

interface EventFields {
  reason?: string;
  message?: string;
  involvedObject?: { kind?: string; name?: string; uid?: string; fieldPath?: string };
}

/** Pods that cannot even be made: by quota, admission webhook, Pod Security or a service account that is not there. */
export function creationSigns(
  workload: LiveObject,
  replicaSet: LiveObject | undefined,
  events: readonly LiveObject[],
): Sign[] {
  const owner = replicaSet ?? workload;
  const { status } = owner as {
    status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
  };
  const failed = (status?.conditions ?? []).find(({ type, status: value, reason }) =>
    type === 'ReplicaFailure'
      ? value === 'True'
      : type === 'Failed' && value === 'True' && reason !== undefined,
  );
  // A StatefulSet or a DaemonSet has no such condition, only events.
  const event =
    replicaSet || workload.kind === 'Deployment'
      ? undefined
      : (events as readonly (LiveObject & EventFields)[]).find(
          ({ reason, involvedObject }) =>
            reason === 'FailedCreate' && involvedObject?.uid === workload.metadata.uid,
        );
  const message = failed?.message ?? event?.message;
  if (message === undefined) return [];
  const text = `pods cannot be created: ${message}`;
  return [
    {
      key: `${owner.metadata.uid}/create`,
      message: text,
      graceMs: failed?.type === 'Failed' ? 0 : refusalGrace(message),
    },
  ];
}

function refusalGrace(message: string): number {
  if (/failed calling webhook|timeout|connection refused|too many requests/i.test(message))
    return transientMs;
  if (/violates PodSecurity|denied (the )?request/i.test(message)) return 0;
  return /forbidden|exceeded quota|is invalid|not found/i.test(message) ? settleMs : transientMs;
}

/** What in a pod's status or events says that it will not become ready. */
export function podSigns(
  pod: LiveObject,
  { events, nodes }: { events: readonly LiveObject[]; nodes?: Nodes },
): Sign[] {
  const { status = {} } = pod as LiveObject & PodFields;
  const { name, uid } = pod.metadata;
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const signs: Sign[] = containers.flatMap((container) => {
    const sign = containerSign(container, {
      probeThatKilled: (exitCode) => killedByProbe(pod, container.name, exitCode, events),
      lastFailures: () => failuresToStart(pod, container.name, events),
    });
    return sign
      ? [{ ...sign, key: `${uid}/${container.name}/${sign.key}`, pod: name, container: container.name }]
      : [];
  });
  const unschedulable = unschedulableOf(pod);
  if (unschedulable !== undefined)
    signs.push({ key: `${uid}/unschedulable`, pod: name, ...noNodeSign(pod, unschedulable, events, nodes) });
  if (containers.every(({ state }) => !state?.running)) signs.push(...mountSigns(pod, events));
  const probe = containers.some(({ ready }) => !ready) && impossibleProbe(pod, events);
  if (probe) signs.push({ key: `${uid}/probe`, message: probe, graceMs: transientMs, pod: name });
  return signs;
}

/** What the scheduler says of a pod that it finds no node for; undefined when it has found one, or not looked yet. */
export function unschedulableOf(pod: LiveObject): string | undefined {
  const { conditions = [] } = (pod as LiveObject & PodFields).status ?? {};
  const condition = conditions.find(
    ({ type, status, reason }) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
  return condition && (condition.message ?? '');
}

/**
 * Room may still be made by old pods that go, and a node by an autoscaler: only the time-out ends that. One that no node
 * can ever take is hopeless, unless nodes are added; then whatever adds them is heard first.
 */
function noNodeSign(
  pod: LiveObject,
  unschedulable: string,
  events: readonly LiveObject[],
  nodes: Nodes | undefined,
): Pick<Sign, 'message' | 'graceMs'> {
  const scaling = nodeScalingOf(pod, events);
  if (scaling?.verdict === 'coming')
    return { message: `waits for a node that is on its way: ${scaling.message}`, graceMs: Infinity };
  const never = nodes?.noNode(pod);
  const refused = scaling && `, and none that could be added would: ${scaling.message}`;
  const message = `no node takes it: ${unschedulable}${never ? ` (${never}${refused ?? ''})` : ''}`;
  if (!never) return { message, graceMs: Infinity };
  return { message, graceMs: nodes?.autoscaled && !scaling ? transientMs : 0 };
}

type ContainerSign = Pick<Sign, 'key' | 'message' | 'graceMs'>;

/** What events tell of a container beside its status. */
interface ToldByEvents {
  probeThatKilled(exitCode: number): string | undefined;
  lastFailures(): string[];
}

function containerSign(
  { containerID, restartCount, state = {}, lastState = {}, ready }: ContainerStatus,
  { probeThatKilled, lastFailures }: ToldByEvents,
): ContainerSign | undefined {
  if (ready) return undefined;
  const { waiting, terminated } = state;
  const reason = waiting?.reason ?? '';
  const message = waiting?.message ?? '';
  const sign = (graceMs: number): ContainerSign => ({
    key: reason.replace('ImagePullBackOff', 'ErrImagePull'),
    message: `${reason}: ${message}`,
    graceMs,
  });
  switch (reason) {
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return sign(0);
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return sign(
        /not found|manifest unknown|unauthorized|denied|authorization failed|forbidden|no match for platform/i.test(
          message,
        )
          ? 0
          : transientMs,
      );
    case 'CreateContainerConfigError': {
      const isTransient = (text: string) => /failed to sync|timed out/i.test(text);
      if (!isTransient(message)) return sign(0);
      // The kubelet writes a try's error into the status when it tries again, ten seconds later and more.
      const lasting = lastFailures().find((text) => !isTransient(text));
      return lasting === undefined ? sign(transientMs) : { ...sign(0), message: `${reason}: ${lasting}` };
    }
    case 'CreateContainerError':
    case 'RunContainerError':
      return sign(
        /executable file not found|no such file or directory|permission denied|exec format error|not a directory/i.test(
          message,
        )
          ? 0
          : transientMs,
      );
    default:
  }
  const ended = terminated ?? (waiting ? lastState.terminated : undefined);
  if (!ended) return undefined;
  // An init container that has done its work is ended too.
  if (terminated?.exitCode === 0 && !waiting) return undefined;
  // While a next run is made, and has not begun, the node may say still why it held it back, with the run counted.
  const isNextMade = !terminated && containerID !== ended.containerID;
  const count = isNextMade ? restartCount : restartCount + 1;
  const times = count === 1 ? 'once' : `${count} times`;
  const outOfMemory = ended.reason === 'OOMKilled';
  const probe = outOfMemory ? undefined : probeThatKilled(ended.exitCode);
  const how = `${outOfMemory ? 'out of memory, ' : ''}exit code ${ended.exitCode}${ended.message ? `: ${ended.message.trim()}` : ''}`;
  return {
    key: 'crash',
    message: probe ? `killed ${times} by a probe (${probe})` : `crashed ${times} (${how})`,
    // The count alone also has the restarts of months, and those of a machine whose power was cut.
    graceMs: count >= crashes && inARow(reason, terminated, lastState.terminated) ? 0 : Infinity,
  };
}

/** Milliseconds of a run after which the node no longer counts its end with those before. */
const forgottenMs = 600_000;

/** The node holds back the next start, or is about to: it says so only at its next look, up to 15 seconds later. */
function inARow(reason: string, ...runs: (Run | undefined)[]): boolean {
  if (reason === 'CrashLoopBackOff') return true;
  // `Unknown` is what a node says that was away itself.
  return runs.every(
    (run) =>
      run &&
      !/Unknown/.test(run.reason ?? '') &&
      Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt ?? '') < forgottenMs,
  );
}

/**
 * Pods that have started and are not ready when their Deployment has made no progress for the time that it gives itself
 * (`progressDeadlineSeconds`; Kubernetes' own default is 600). One that is still starting has a startup probe to judge it.
 * @param waiting what the Deployment waits for
 */
export function deadlineSigns(workload: LiveObject, pods: readonly LiveObject[], waiting: string): Sign[] {
  const { spec, status } = workload as LiveObject & DeploymentFields;
  const over = (status?.conditions ?? []).some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  if (!over) return [];
  return pods.flatMap((pod) => {
    const { containerStatuses = [] } = (pod as LiveObject & PodFields).status ?? {};
    const container = containerStatuses.find(
      ({ state, started, ready }) => state?.running && started && !ready,
    );
    return container
      ? [
          {
            key: `${workload.metadata.uid}/progress`,
            message: `no progress for ${spec?.progressDeadlineSeconds ?? 600} s: ${waiting}`,
            // The condition may still be that of the version before, until the controller has written its next one.
            graceMs: settleMs,
            pod: pod.metadata.name,
            container: container.name,
          },
        ]
      : [];
  });
}

/** Why the kubelet could not start the container, by its events, in their order. */
function failuresToStart(pod: LiveObject, container: string, events: readonly LiveObject[]): string[] {
  return (events as readonly (LiveObject & EventFields)[])
    .filter(
      ({ reason, involvedObject }) =>
        reason === 'Failed' &&
        involvedObject?.uid === pod.metadata.uid &&
        involvedObject?.fieldPath?.endsWith(`{${container}}`),
    )
    .map(({ message = '' }) => message.replace(/^Error: /, ''));
}

/** A volume that can never be mounted, since what it is made of is not there. */
function mountSigns(pod: LiveObject, events: readonly LiveObject[]): Sign[] {
  const { name, uid } = pod.metadata;
  return (events as readonly (LiveObject & EventFields)[])
    .filter(
      ({ involvedObject, reason }) =>
        involvedObject?.uid === uid && (reason === 'FailedMount' || reason === 'FailedCreatePodSandBox'),
    )
    .slice(-1)
    .map(({ reason = '', message = '' }) => ({
      key: `${uid}/${reason}`,
      message: `${reason}: ${message}`,
      graceMs:
        reason === 'FailedMount' && /(secret|configmap) .*not found|references non-existent/i.test(message)
          ? settleMs
          : transientMs,
      pod: name,
    }));
}
