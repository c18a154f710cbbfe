import { parseEnv } from 'node:util';
import { UserError } from '@berth/model';
import { askHidden, readAll, withoutLastNewline, type Input } from './standard-input';

export interface ValueOptions {
  environment: string;
  /** How to type the command again, for hints. */
  command: string;
  names: readonly string[];
  /** Whether standard input has names and values. */
  import: boolean;
  /** Takes every byte. */
  raw: boolean;
}

/**
 * The values of secrets, by name, from standard input; at a terminal they are asked for.
 * @throws UserError when there is none
 */
export async function readValues(options: ValueOptions, input: Input): Promise<Map<string, Buffer>> {
  const { environment, command, names, raw } = options;
  if (options.import) return readEnvironmentFile(command, input);
  const values = new Map<string, Buffer>();
  if (input.stream.isTTY) {
    for (const name of names)
      values.set(name, await askHidden(`${name} of ${environment} (nothing is shown): `, input));
  } else {
    const [name = '', ...others] = names;
    if (others.length > 0)
      throw new UserError(
        `Standard input has one value, and ${names.length} names were given.`,
        `One at a time: ${command} --name=${name}; or several as lines NAME=value: ${command} --import`,
      );
    const all = await readAll(input);
    const value = raw ? all : withoutLastNewline(all);
    if (value.length < all.length)
      console.log('The newline at the end is no part of the value; --raw would keep it.');
    values.set(name, value);
  }
  for (const [name, value] of values) refuseEmpty(name, value, command);
  return values;
}

/** Lines `NAME=value`, as Node reads a .env file. */
async function readEnvironmentFile(command: string, input: Input): Promise<Map<string, Buffer>> {
  if (input.stream.isTTY)
    throw new UserError('--import reads standard input, which is a terminal.', `${command} --import < file`);
  const all = await readAll(input);
  const values = new Map(
    Object.entries(parseEnv(all.toString('utf8'))).map(([name, value]) => [name, Buffer.from(value ?? '')]),
  );
  if (values.size === 0)
    throw new UserError(
      'Standard input has no line NAME=value. Nothing was changed.',
      `For example: ${command} --import < file`,
    );
  for (const [name, value] of values) refuseEmpty(name, value, command);
  return values;
}

/** An empty value is most often a variable that was not set. */
function refuseEmpty(name: string, value: Buffer, command: string): void {
  if (value.length > 0) return;
  throw new UserError(
    `The value for ${name} is empty. Nothing was changed.`,
    `Give it as standard input: printf %s "$VALUE" | ${command} --name=${name}\nor take the secret away: ${command} --name=${name} --delete`,
  );
}
