import { fileError, Interrupted } from '@berth/exec';
import { UserError } from '@berth/model';
import { openTerminal } from '../terminal';

type Outcome = { success: boolean };

/** Runs an executor; a person's error is printed as message and next step, a bug with its stack. */
export async function withUserErrors(run: () => Promise<boolean | void>): Promise<Outcome> {
  const terminal = openTerminal(process.env);
  try {
    return { success: (await run()) !== false };
  } catch (thrown) {
    const error = fileError(thrown);
    if (!(error instanceof UserError)) {
      // Nx would print the message alone.
      console.error((error as Error).stack ?? error);
      return { success: false };
    }
    const lines = [
      `\n${error.message}`,
      ...(error.hint ? [`\n  ${error.hint.replaceAll('\n', '\n  ')}`] : []),
    ];
    if (error instanceof Interrupted) terminal.tell(`${lines.join('\n')}\n`);
    else console.error(lines.join('\n'));
    return { success: false };
  } finally {
    terminal.close();
  }
}
