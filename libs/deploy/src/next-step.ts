import { UserError } from '@berth/model';

/** What to do about an error that says no more than what is wrong. */
export const nextStep = 'Put it right, then run the same command again.';

/** The error, with a next step where it has none. A bug stays as it is. */
export function withNextStep(error: unknown): unknown {
  if (!(error instanceof UserError) || error.hint) return error;
  return new UserError(error.message, nextStep, { cause: error });
}
