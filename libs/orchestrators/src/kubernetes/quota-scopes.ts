import { containerAmounts, type Limits, type PodContainers } from './pod-resources';

/** Which pods a quota counts. */
export interface QuotaScope {
  scopeName: string;
  operator: string;
  values?: string[];
}

interface ScopedPod extends PodContainers {
  activeDeadlineSeconds?: number;
  priorityClassName?: string;
}

interface ScopeFields {
  scopes?: string[];
  scopeSelector?: { matchExpressions?: QuotaScope[] };
}

const known = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'PriorityClass'];

/** The scopes of a ResourceQuota, all of which a pod must be in; undefined when one of them is not known here. */
export function scopesOf(spec: unknown): QuotaScope[] | undefined {
  const { scopes = [], scopeSelector = {} } = (spec ?? {}) as ScopeFields;
  const all = [
    ...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(scopeSelector.matchExpressions ?? []),
  ];
  return all.every(({ scopeName }) => known.includes(scopeName)) ? all : undefined;
}

/** Whether the pods of a template are in all of these scopes. @param ranges what they give to containers */
export function isInScopes(
  pod: PodContainers,
  scopes: readonly QuotaScope[],
  ranges: readonly Limits[],
): boolean {
  const { activeDeadlineSeconds, priorityClassName } = pod as ScopedPod;
  return scopes.every((scope) => {
    switch (scope.scopeName) {
      case 'BestEffort':
        return isBestEffort(pod, ranges);
      case 'NotBestEffort':
        return !isBestEffort(pod, ranges);
      case 'Terminating':
        return activeDeadlineSeconds !== undefined;
      case 'NotTerminating':
        return activeDeadlineSeconds === undefined;
      default:
        return selects(scope, priorityClassName);
    }
  });
}

/** No container asks for anything. */
function isBestEffort({ containers = [], initContainers = [] }: PodContainers, ranges: readonly Limits[]) {
  return [...containers, ...initContainers].every((container) =>
    [...containerAmounts(container, ranges)].every(
      ([name, value]) => value === 0 || !/\.(cpu|memory)$/.test(name),
    ),
  );
}

function selects({ operator, values = [] }: QuotaScope, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'DoesNotExist':
      return value === undefined;
    default:
      return value !== undefined;
  }
}
