import { setFlagsFromString } from 'node:v8';

/**
 * From now on V8 keeps the heap of this process small: it would let it grow with what goes on rather than with what
 * lives. Costs up to a tenth more CPU (docs/adr/0055). The first thing that a command does: V8 gives back the room that
 * loading has taken at the next collection of all objects, which comes at once, and then not for long.
 */
export function keepHeapSmall(): void {
  // Both are looked at each time that a size is decided on, so they may come when the process runs already.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
}
