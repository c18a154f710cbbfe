export type Variables = Readonly<Record<string, string | undefined>>;

/** A whole number of a variable, or `otherwise` where it is not set. @throws Error that names it, and what was expected */
export function wholeOf(
  env: Variables,
  name: string,
  { otherwise, min, max }: { otherwise: number; min: number; max: number },
): number {
  const value = Number(env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not ${JSON.stringify(env[name])}`);
  }
  return value;
}

/** The port to listen at: `PORT`, or 8080. @throws Error that says what was expected */
export function portOf(env: Variables): number {
  return wholeOf(env, 'PORT', { otherwise: 8080, min: 1, max: 65_535 });
}

/**
 * The address of another service, as Berth gives it for each of `needs`.
 * @param example stands in the error
 * @param protocol what it must begin with
 * @throws Error that names the variable, and what was expected
 */
export function addressOf(env: Variables, name: string, example: string, protocol = /^https?:/): URL {
  const value = env[name];
  if (value === undefined || !protocol.test(value) || !URL.canParse(value)) {
    throw new Error(`${name} must be an address such as ${example}, not ${JSON.stringify(value)}`);
  }
  return new URL(value);
}
