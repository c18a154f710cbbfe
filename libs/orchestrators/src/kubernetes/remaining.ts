import type { LiveObject } from '@berth/kube';

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
