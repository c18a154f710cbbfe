import type { ManifestObject } from '@berth/manifests';
import type { Orchestrator } from './orchestrator';
import { stepsOf, type Watched } from './steps';

/**
 * The step that waits until these objects are healthy, and tells how they are meanwhile.
 * @param ends besides the run's own signal, what ends it
 */
export function untilHealthy(
  target: Orchestrator,
  run: Watched & { environment: string; timeoutMs: number },
  objects: readonly ManifestObject[],
  ...ends: AbortSignal[]
): Promise<void> {
  const { environment, timeoutMs, signal, onEvent: tell } = run;
  return stepsOf(run)('healthy', () =>
    target.watch(environment, objects, {
      timeoutMs,
      onHealth: (workloads) => tell?.({ kind: 'health', workloads }),
      signal: AbortSignal.any([...ends, ...(signal ? [signal] : [])]),
    }),
  );
}
