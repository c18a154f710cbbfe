import { UserError } from '@berth/model';

type Outcome = { success: boolean };

/** Runs an executor; a person's error is printed as message and next step, a bug with its stack. */
export async function withUserErrors(run: () => Promise<boolean | void>): Promise<Outcome> {
  try {
    return { success: (await run()) !== false };
  } catch (error) {
    if (!(error instanceof UserError)) {
      // Nx would print the message alone.
      console.error((error as Error).stack ?? error);
      return { success: false };
    }
    console.error(`\n${error.message}`);
    if (error.hint) console.error(`\n  ${error.hint.replaceAll('\n', '\n  ')}`);
    return { success: false };
  }
}
