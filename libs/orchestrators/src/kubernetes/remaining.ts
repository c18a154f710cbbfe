import type { KubeClient, LiveObject } from '@berth/kube';

/** What keeps a namespace that is being deleted, as its controller says; empty when it has not said anything yet. */
export function remainingIn(namespace: LiveObject): string {
  const { conditions = [] } = (namespace.status ?? {}) as {
    conditions?: { type: string; status: string; message?: string }[];
  };
  return conditions
    .filter(({ type, status }) => status === 'True' && /Remaining|Failure/.test(type))
    .map(({ message = '' }) => message)
    .join('; ');
}

/** What to type to see what a namespace has that does not end. */
export function howToSeeWhatRemains({ kubectl }: KubeClient, namespace: string): string {
  return [
    'What has a finalizer waits for the controller that set it: see whether that runs. What is left, and who holds it:',
    `${kubectl} get namespace ${namespace} -o jsonpath='{.status.conditions[*].message}'`,
    `${kubectl} api-resources --verbs=list --namespaced -o name | xargs -n 1 ${kubectl} -n ${namespace} get --ignore-not-found --show-kind -o custom-columns=KIND:.kind,NAME:.metadata.name,FINALIZERS:.metadata.finalizers`,
  ].join('\n');
}
