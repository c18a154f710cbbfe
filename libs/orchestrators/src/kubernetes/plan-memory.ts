import { keyOf } from '@berth/deploy';
import type { LiveObject } from '@berth/kube';
import type { CheckedChange } from './plan';
import type { PodSecurityLevel } from './pod-security';
import { specHashAnnotation } from './names';

/** What one run knows of its environments for the next plan. */
export class PlanMemory {
  readonly #made = new Set<string>();
  #tried = new Map<string, CheckedChange>();

  /** The run itself has just made this environment's namespace. */
  make(environment: string): void {
    this.#made.add(environment);
  }

  /** Whether the run itself has made this environment's namespace, and has not planned since. */
  hasMade(environment: string): boolean {
    return this.#made.has(environment);
  }

  /** Once: the plan after this one goes by its own trials. */
  recall(environment: string): Recalled {
    const before = this.#tried;
    const now = (this.#tried = new Map());
    return { isNew: this.#made.delete(environment), trials: { before, now } };
  }
}

interface Recalled {
  /** Whether the run has made the namespace, since it planned last. */
  isNew: boolean;
  trials: Trials;
}

/** Trials of the plan before and of this one, by what was asked. */
interface Trials {
  before: ReadonlyMap<string, CheckedChange>;
  now: Map<string, CheckedChange>;
}

/**
 * The trial of a change; that of the plan before where nothing has changed since: the same object asks for the same, and
 * the live one has the same version.
 */
export async function tried(
  { before, now }: Trials,
  change: CheckedChange,
  enforced: PodSecurityLevel | undefined,
  check: () => Promise<CheckedChange>,
): Promise<CheckedChange> {
  const { action, object, desired, live, autoscalerGoes = false } = change;
  const hash = desired?.metadata.annotations?.[specHashAnnotation];
  if (hash === undefined) return check();
  const version = (live as LiveObject | undefined)?.metadata.resourceVersion;
  if (live && version === undefined) return check();
  const key = JSON.stringify([keyOf(object), hash, action, version, autoscalerGoes, enforced]);
  const known = before.get(key);
  const result = known && !known.refusals ? known : await check();
  now.set(key, result);
  return result;
}
