import type { Environment } from '@berth/model';
import { UserError } from '@berth/model';
import { isNamed } from '../invocation';

/**
 * Whether a target may change this environment now: a protected one only when the person named it.
 * @param argv what was typed, or undefined when this is not known
 * @throws UserError when it is protected and not known to be named
 */
export function mayChange(
  environment: Pick<Environment, 'name' | 'protected'>,
  project: string,
  target: string,
  argv: readonly string[] | undefined,
): boolean {
  if (!environment.protected) return true;
  if (argv === undefined) {
    throw new UserError(
      `${environment.name} is protected: it is changed only when it is named.`,
      `nx ${target} ${project}`,
    );
  }
  return isNamed(project, target, argv);
}
