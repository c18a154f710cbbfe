/** One thing that is wrong in a file a person wrote. */
export interface Problem {
  /** Relative to the workspace. */
  file: string;
  /** JSON path, for example `ports[0].port`; empty for the whole file. */
  path: string;
  /** What is wrong and what was expected, for example `must be a whole number from 1024 to 65535, not 80`. */
  message: string;
  /** What to type or write next. */
  hint?: string;
}

/**
 * An error of the person who uses Berth, not of Berth: printed as message and hint, without a stack.
 * Everything else that is thrown is a bug and shows its stack.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  constructor(
    message: string,
    /** The next thing to type or do. */
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** All problems of the models at once, not just the first. */
export class ModelError extends UserError {
  override readonly name = 'ModelError';
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
  }
}

function formatProblem({ file, path, message, hint }: Problem): string {
  return `${file}${path ? ` at ${path}` : ''}: ${message}${hint ? ` (${hint})` : ''}`;
}
