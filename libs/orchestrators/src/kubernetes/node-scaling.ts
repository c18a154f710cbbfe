import { eventTime, type LiveObject } from '@berth/kube';

/** What an autoscaler of nodes has last said of a pod that no node takes. */
export interface NodeScaling {
  /** `coming`: a node was ordered for the pod. `refused`: none that it could order would take it. */
  verdict: 'coming' | 'refused';
  message: string;
}

interface EventFields {
  reason?: string;
  message?: string;
  involvedObject?: { uid?: string };
  source?: { component?: string };
  reportingComponent?: string;
}

/**
 * Reads the events of cluster-autoscaler (`TriggeredScaleUp`, `NotTriggerScaleUp`) and of Karpenter (`Nominated`, and
 * `FailedScheduling` of its own). Undefined when neither has spoken of the pod, or what it said will pass.
 */
export function nodeScalingOf(pod: LiveObject, events: readonly LiveObject[]): NodeScaling | undefined {
  const last = (events as readonly (LiveObject & EventFields)[])
    .filter(({ involvedObject }) => involvedObject?.uid === pod.metadata.uid)
    .flatMap((event) => {
      const verdict = verdictOf(event);
      return verdict ? [{ verdict, message: event.message ?? '', time: eventTime(event) }] : [];
    })
    .sort((one, other) => one.time - other.time)
    .at(-1);
  return last && { verdict: last.verdict, message: last.message };
}

function verdictOf({
  reason,
  message = '',
  source,
  reportingComponent,
}: EventFields): NodeScaling['verdict'] | undefined {
  switch (reason) {
    case 'TriggeredScaleUp':
      return 'coming';
    case 'Nominated':
      // kube-scheduler uses the word too, of a node that it will free.
      return isKarpenter(source?.component ?? reportingComponent) ? 'coming' : undefined;
    case 'NotTriggerScaleUp':
      // After a failure it tries again by itself.
      return /backoff/i.test(message) ? undefined : 'refused';
    case 'FailedScheduling':
      return isKarpenter(source?.component ?? reportingComponent) ? 'refused' : undefined;
    default:
      return undefined;
  }
}

function isKarpenter(component = ''): boolean {
  return component.startsWith('karpenter');
}
