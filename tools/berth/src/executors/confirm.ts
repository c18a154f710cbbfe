import { createInterface } from 'node:readline/promises';
import { UserError } from '@berth/model';

/** How a person agrees to a destruction: beforehand, or by typing the name when asked. */
export interface Consent {
  force?: boolean;
  /** The name typed on the command line. */
  confirm?: string;
}

/**
 * Asks for the name of what is about to be destroyed, unless it was given.
 * @param command what to type to go on without being asked, for example `nx destroy staging`
 * @throws UserError when the person does not agree, or there is no terminal to ask on.
 */
export async function confirmDestruction(name: string, consent: Consent, command: string): Promise<void> {
  if (consent.force) return;
  const hint = `To go on without being asked: ${command} --force, or ${command} --confirm=${name}`;
  if (consent.confirm !== undefined) {
    if (String(consent.confirm) === name) return;
    throw new UserError(
      `Nothing was destroyed: --confirm says ${consent.confirm}, the name is ${name}.`,
      hint,
    );
  }
  if (!process.stdin.isTTY)
    throw new UserError('Nothing was destroyed: there is no terminal to ask on.', hint);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Type ${name} to destroy it: `);
  terminal.close();
  if (answer.trim() !== name) throw new UserError('Nothing was destroyed.', hint);
}
