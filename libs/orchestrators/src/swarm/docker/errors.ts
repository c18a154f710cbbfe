import { UserError } from '@berth/model';

/** What dockerd answers to what it does not do. */
export class DockerError extends UserError {
  override readonly name = 'DockerError';

  constructor(
    message: string,
    readonly status: number,
    hint?: string,
  ) {
    super(message, hint);
  }
}

/** What errno calls it when nobody listens: nothing was sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EACCES',
]);

export function wasNotSent(error: unknown): boolean {
  return unsent.has((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * dockerd does not answer.
 * @param docker how a person asks it
 */
export function noAnswer(address: string, docker: string, error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UserError(
    `dockerd at ${address} does not answer: ${code === undefined ? message : `${code} (${message})`}.`,
    code === 'EACCES'
      ? 'You may not speak to it. Add yourself to the group docker, or name another address in "docker" of cluster.json.'
      : `See whether it runs: ${docker} info\nThe address is "docker" of the environment's cluster.json${address.startsWith('unix:') ? '' : '; any other manager of the same Swarm serves as well'}.`,
    { cause: error },
  );
}

/**
 * Whether there is one of that name. Of two that come at once dockerd finds neither: the managers' store refuses the second,
 * in its own words and by 500 (moby/swarmkit, manager/state/store, ErrNameConflict).
 */
export function isTaken({ status, message }: DockerError): boolean {
  return status === 409 || /already exists|name conflicts with an existing object/.test(message);
}

/** Whether a manager could not do it now and may in a moment: it restarts, or the managers choose a leader. */
export function mayPass({ status, message }: DockerError): boolean {
  return (
    status >= 500 &&
    (isLeaderless({ message }) ||
      /deadline exceeded|context canceled|raft|transport is closing/i.test(message))
  );
}

/**
 * Whether nothing was done because the managers have no leader: they choose one within half a minute, if more than half
 * of them are there.
 */
export function isLeaderless({ message }: Pick<Error, 'message'>): boolean {
  return /no leader|does not have a leader/i.test(message);
}

/** The managers do not choose a leader. */
export function leaderless(address: string, error: unknown): UserError {
  return new UserError(
    `The Swarm at ${address} has no leader: more than half of its managers must be there, and they are not.`,
    'Bring managers back. When they are lost for good, on one that is left: docker swarm init --force-new-cluster',
    { cause: error },
  );
}
