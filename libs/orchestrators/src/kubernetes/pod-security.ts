import { nameOf, type Change, type ObjectReference } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';

/** The Pod Security Standards, the laxest first. */
const levels = ['privileged', 'baseline', 'restricted'] as const;
export type PodSecurityLevel = (typeof levels)[number];

const enforceLabel = 'pod-security.kubernetes.io/enforce';

/** The standard by which pods of the environment will be refused; undefined when its namespace does not say. */
export function enforcedLevel(
  environment: string,
  desired: readonly KubernetesObject[],
  live: readonly KubernetesObject[],
): PodSecurityLevel | undefined {
  const stated = [desired, live].map(
    (objects) =>
      objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === environment)?.metadata
        .labels?.[enforceLabel],
  );
  return levels.find((level) => level === (stated[0] ?? stated[1]));
}

/**
 * Sorts what the server has warned of. It takes a workload whose pods it will refuse, and only warns of it: by the
 * enforced standard, or by a stricter one when the namespace asks for that.
 */
export function sortWarnings(
  object: ObjectReference,
  told: readonly string[],
  enforced: PodSecurityLevel | undefined,
): Pick<Change, 'warnings' | 'refusals'> {
  const isEnforced = (warning: string) => {
    const [, level] = /^would violate PodSecurity "(\w+):/.exec(warning) ?? [];
    const violated = levels.findIndex((known) => known === level);
    return enforced !== undefined && violated >= 0 && violated <= levels.indexOf(enforced);
  };
  const refusals = told
    .filter(isEnforced)
    .map((warning) => `${nameOf(object)}: its pods would be refused, it ${warning}`);
  const warnings = told.filter((warning) => !isEnforced(warning));
  return {
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(refusals.length > 0 ? { refusals } : {}),
  };
}
