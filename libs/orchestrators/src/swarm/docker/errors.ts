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
const unsent = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'EACCES']);

export function wasNotSent(error: unknown): boolean {
  return unsent.has((error as NodeJS.ErrnoException).code ?? '');
}

/** dockerd does not answer. */
export function noAnswer(address: string, error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UserError(
    `dockerd at ${address} does not answer: ${code === undefined ? message : `${code} (${message})`}.`,
    code === 'EACCES'
      ? 'You may not speak to it. Add yourself to the group docker, or name another address in "docker" of cluster.json.'
      : `See whether it runs: docker --host ${address} info\nThe address is "docker" of the environment's cluster.json.`,
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
    status >= 500 && /no leader|does not have a leader|deadline exceeded|context canceled|raft/i.test(message)
  );
}
