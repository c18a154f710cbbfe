import { ModelError, UserError } from '@berth/model';

/** An env.json that a generator was about to write. */
export interface NotWritten {
  /** Relative to the workspace. */
  file: string;
  text: string;
  /** What goes on from there. */
  command: string;
}

/**
 * Of a new environment that is refused nothing is written, its env.json neither: where a refusal names that as the place
 * for what to write, it is shown with it.
 * @throws UserError always, when `write` does
 */
export function withItsPlace(notWritten: NotWritten | undefined, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!notWritten || !(error instanceof ModelError)) throw error;
    const { file, text, command } = notWritten;
    if (!error.problems.some(({ hint }) => hint?.includes(file))) throw error;
    throw new UserError(
      error.message,
      `Nothing was written. This is ${file} as it was to be; write it with what it lacks, then: ${command}\n\n${text}`,
      { cause: error },
    );
  }
}
