import type { Environment } from '@berth/model';
import { environmentLabels, PROTECTED_ANNOTATION, TTL_ANNOTATION } from './labels';
import type { KubernetesObject } from './object';

/** The namespace of an environment. It refuses pods that do not meet its Pod Security Standard. */
export function renderNamespace(environment: Environment): KubernetesObject {
  const annotations = {
    ...(environment.ttl !== null && { [TTL_ANNOTATION]: environment.ttl }),
    ...(environment.protected && { [PROTECTED_ANNOTATION]: 'true' }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: environment.name,
      labels: {
        ...environmentLabels(environment),
        'pod-security.kubernetes.io/enforce': environment.podSecurity,
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
      },
      ...(Object.keys(annotations).length && { annotations }),
    },
  };
}
