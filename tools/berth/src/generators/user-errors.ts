import { UserError } from '@berth/model';

/** Nx prints the message of an error only: puts the next step of a person's error into it, and leaves its stack out. */
export async function withHints<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const shown = new UserError(error.hint ? `${error.message}\n\n  ${error.hint}` : error.message);
    shown.stack = undefined;
    throw shown;
  }
}
