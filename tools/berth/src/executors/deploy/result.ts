import { nameOf, type Change, type DeployStep } from '@berth/deploy';

/** What a step of a deploy has taken. One that was not finished is not there. */
export interface StepResult {
  step: DeployStep;
  seconds: number;
}

/** A change as programs read it. */
export interface ChangeResult {
  /** `create`, `change`, `recreate`, `prune` or `same`. */
  kind: Change['action'];
  /** For example `deployment/pricing`. */
  object: string;
  fields: Change['fields'];
  reason?: string;
  /** What the orchestrator takes and does not like. */
  warnings?: Change['warnings'];
}

export function changeResults(changes: readonly Change[]): ChangeResult[] {
  return changes.map(({ action, object, fields, reason, warnings }) => ({
    kind: action,
    object: nameOf(object),
    fields,
    ...(reason ? { reason } : {}),
    ...(warnings ? { warnings } : {}),
  }));
}
