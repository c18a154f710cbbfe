import { UserError } from '@berth/model';
import type { Change } from './change';
import type { Adjusting, Leasing, Orchestrator } from './orchestrator';
import { isEmpty } from './plan';
import { stepsOf, type Watched } from './steps';
import { takeLease } from './take-lease';
import { untilHealthy } from './until-healthy';

export interface AdjustRequest extends Watched {
  environment: string;
  /** For example `ana@laptop`; the lease names it. */
  author: string;
  /** Stops after the plan. */
  dryRun?: boolean;
  /** Waits for a deploy that is at it, and does not fail. */
  wait?: boolean;
  /** Milliseconds that the services may take to become healthy. */
  timeoutMs: number;
}

/** How an adjustment is done, where that is not what `Adjusting` does. */
export interface AdjustSteps {
  /** Makes what the lease is taken in. */
  prepare?: () => Promise<void>;
  /** @param signal after which nothing is written any more */
  apply?: (changes: readonly Change[], signal: AbortSignal) => Promise<void>;
  /** What to type when what was changed does not become healthy. */
  remedy?: string;
}

/**
 * Changes what runs between two deploys: plan → lease → apply → healthy. Nothing is recorded: no deploy was made.
 * @param planned asked again under the lease, since a deploy may have come between
 * @returns what was changed, or would be
 * @throws UserError when it cannot be planned, somebody deploys, or what was changed does not become healthy
 */
export async function adjust(
  target: Adjusting & Leasing & Orchestrator,
  request: AdjustRequest,
  planned: () => Promise<Change[]>,
  { prepare, apply = (changes, signal) => target.adjust(changes, signal), remedy }: AdjustSteps = {},
): Promise<Change[]> {
  const { onEvent: tell } = request;
  const step = stepsOf(request);
  const first = await step('plan', planned);
  tell?.({ kind: 'plan', changes: first, missingImages: [] });
  if (request.dryRun || isEmpty(first)) return first;
  const lease = await step('lease', async () => {
    await prepare?.();
    return takeLease(target, request, (event) => tell?.(event));
  });
  try {
    const changes = await planned();
    await step('apply', () => apply(changes, lease.lost));
    for (const change of changes) tell?.({ kind: 'applied', change });
    const changed = changes.flatMap(({ live }) => live ?? []);
    if (changed.length > 0)
      await untilHealthy(target, request, changed, lease.lost).catch((error: unknown) => {
        throw request.signal?.aborted ? error : withRemedy(error, remedy);
      });
    return changes;
  } finally {
    await lease.release();
  }
}

function withRemedy(error: unknown, remedy: string | undefined): unknown {
  if (remedy === undefined || !(error instanceof UserError)) return error;
  return new UserError(error.message, [...(error.hint ? [error.hint] : []), remedy].join('\n'), {
    cause: error,
  });
}
