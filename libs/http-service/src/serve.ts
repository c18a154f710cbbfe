import type { FastifyInstance } from 'fastify';

/**
 * Listens at `port` of every address, and drains at SIGTERM or SIGINT; ends the process when it cannot listen.
 * @param onDrain.begin called when draining begins
 * @param onDrain.end   called when the last request has ended
 */
export function serve(
  server: FastifyInstance,
  port: number,
  onDrain: { begin?: () => void; end?: () => Promise<void> } = {},
): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.log.info({ signal }, 'draining');
      onDrain.begin?.();
      void server.close().then(() => onDrain.end?.());
    });
  }
  server.listen({ host: '0.0.0.0', port }).catch((error: unknown) => {
    server.log.fatal(error);
    process.exit(1);
  });
}
