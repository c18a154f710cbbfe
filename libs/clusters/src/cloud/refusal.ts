import { UserError } from '@berth/model';

/** A cloud has refused something, or did not answer. */
export class CloudRefusal<Kind extends string> extends UserError {
  constructor(
    readonly kind: Kind,
    message: string,
    hint: string,
    options: ErrorOptions,
  ) {
    super(message, hint, options);
  }
}

/** What to do about a name that is taken. */
export const goesOnWithOwn =
  'Run the same command again: what Berth made is gone on with, and what is not its own is named.';

/** What to do when the network goes in the middle. */
export const makesNothingTwice =
  'Run the same command again: it goes on with what is there, and makes nothing twice.';
