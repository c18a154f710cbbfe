import { nearestName, UserError } from '@berth/model';

/** @throws UserError when no secret of that name is set */
export function refuseAbsent(environment: string, name: string, set: readonly string[]): void {
  if (set.includes(name)) return;
  const nearest = nearestName(name, set);
  throw new UserError(
    `${environment} has no secret ${name}${nearest ? `; did you mean ${nearest}?` : '.'}`,
    `See which there are: nx secret ${environment} --list`,
  );
}

/** @throws UserError when no service asks for a secret of that name */
export function refuseUnasked(environment: string, name: string, asked: readonly string[]): void {
  if (asked.includes(name)) return;
  const nearest = nearestName(name, asked);
  throw new UserError(
    `No service of ${environment} asks for the secret ${name}${nearest ? `; did you mean ${nearest}?` : '.'}`,
    `Name it in "secrets" of the service's service.json, or of the service in env.json. What is asked for: nx secret ${environment} --list`,
  );
}
