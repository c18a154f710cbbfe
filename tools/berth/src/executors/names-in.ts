import { UserError } from '@berth/model';

/**
 * The names in a comma-separated option, which Nx makes a number of where it looks like one; undefined when absent.
 * @param option how it is typed, and for example with what
 * @throws UserError when it names none
 */
export function namesIn(
  value: string | number | undefined,
  option = '--service',
  example = 'web,pricing',
): string[] | undefined {
  if (value === undefined) return undefined;
  const names = String(value).split(',');
  const found = [...new Set(names.map((name) => name.trim()).filter(Boolean))];
  if (found.length > 0) return found;
  throw new UserError(`${option} names nothing.`, `For example: ${option}=${example}`);
}
