/** What the SDK hands through its layers, as far as ours read it. */
export interface LayerRequest {
  request?: unknown;
}

/** One layer around every request of a client. */
export type Layer = (
  next: (request: LayerRequest) => Promise<unknown>,
  context: { commandName?: string },
) => (request: LayerRequest) => Promise<unknown>;

/** The layers of one client. The SDK's own type is generic over all requests; ours look at what they have in common. */
export interface Layers {
  add(
    layer: Layer,
    options: { step: 'initialize' | 'finalizeRequest'; priority: 'high' | 'low'; name: string },
  ): void;
}

/** Tells of each try but the first, with what the one before failed for. */
export function retriesTold(
  service: string,
  attempts: number,
  onRetry: ((message: string) => void) | undefined,
): Layer {
  return (next, { commandName = '' }) => {
    let failed = '';
    let tries = 0;
    return async (request) => {
      tries++;
      if (tries > 1)
        onRetry?.(
          `${service} ${commandName.replace(/Command$/, '')} is tried again (${tries} of ${attempts}): ${failed}`,
        );
      try {
        return await next(request);
      } catch (error) {
        failed = (error as Error).message;
        throw error;
      }
    };
  };
}
