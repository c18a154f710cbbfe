import type { ExecutorContext } from '@nx/devkit';
import type { EnvironmentModels } from '../environment/environment-of';
import { mayChange } from '../environment/protection';
import { invocation } from '../invocation';
import { writeResult } from '../result-file';

/**
 * Whether a target leaves this environment alone because it is protected and was not named; then it says so.
 * @throws UserError when it is protected and not known to be named
 */
export function passedOver(
  { environment }: Pick<EnvironmentModels, 'environment'>,
  target: string,
  { json }: { json?: string },
  context: Pick<ExecutorContext, 'root' | 'projectName'>,
): boolean {
  if (mayChange(environment, context.projectName ?? '', target, invocation(process.env))) return false;
  console.log(`${environment.name} is protected and was not named: nothing was done.`);
  writeResult(context.root, json, { environment: environment.name, skipped: 'protected', changes: [] });
  return true;
}
