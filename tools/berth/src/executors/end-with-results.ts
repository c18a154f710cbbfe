/** What of a process says whether Nx has made it for a batch, and keeps it. */
type BatchProcess = Pick<NodeJS.Process, 'argv' | 'channel' | 'exit' | 'once'>;

/**
 * Lets the process that Nx has made for a batch end by itself once its results are sent and nothing is left to do. Its
 * channel to Nx would hold it until Nx ends it, and then Nx waits a tenth of a second for that
 * (`killProcessTreeGraceful` in nx/src/native). In any other process it does nothing.
 */
export function endWithResults(own: BatchProcess = process): void {
  if (!/[/\\]batch[/\\]run-batch\.js$/.test(own.argv[1] ?? '')) return;
  // Messages that are not sent yet still hold it.
  own.channel?.unref();
  // Taking down all of Node takes longer than Nx does to look for it.
  own.once('beforeExit', () => own.exit());
}
