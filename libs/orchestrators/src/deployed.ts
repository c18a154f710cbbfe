import { nearestName, UserError } from '@berth/model';

/** What is told to who asks for something of an environment that is not there. */
export function notDeployed(environment: string): UserError {
  return new UserError(`${environment} runs no service: it is not deployed.`, `nx deploy ${environment}`);
}

/** @param known the services that run @throws UserError for the first of these that is none of them */
export function refuseUnknownService(
  environment: string,
  names: readonly string[] | undefined,
  known: readonly string[],
): void {
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  throw new UserError(
    `${environment} runs no service "${unknown}"${nearest ? `; did you mean "${nearest}"?` : '.'}`,
    `It runs ${known.join(', ')}.`,
  );
}
