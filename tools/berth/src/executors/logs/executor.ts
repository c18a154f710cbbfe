import type { ExecutorContext } from '@nx/devkit';
import { Interrupted, interruptible } from '@berth/exec';
import { durationMs, UserError } from '@berth/model';
import { environmentOf } from '../../environment/environment-of';
import { connect } from '../../environment/target';
import { openOutput } from '../../output';
import { namesIn } from '../names-in';
import { withUserErrors } from '../user-errors';
import { LogPrinter } from './log-printer';

export interface LogsOptions {
  /** Separated by commas. */
  service?: string | number;
  follow?: boolean;
  /** For example `10m`. */
  since?: string;
}

/** Shows what the services of the environment put out. */
export default function logs(options: LogsOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const services = namesIn(options.service);
    const sinceSeconds = secondsOf(options.since);
    const models = environmentOf(context);
    const output = await openOutput(process.env);
    const printer = new LogPrinter(output.coloured, output.write);
    const { target, close } = connect(models, context.root);
    try {
      await interruptible((signal) =>
        target.logs(models.environment.name, {
          ...(services ? { services } : {}),
          follow: !!options.follow,
          ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
          onLine: (line) => printer.print(line),
          signal,
        }),
      );
    } catch (error) {
      // It is how one that is followed ends; and who reads may have seen enough.
      const ended = options.follow && error instanceof Interrupted;
      if (!ended && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    } finally {
      close();
      await output.close();
    }
  });
}

function secondsOf(since: string | undefined): number | undefined {
  if (since === undefined) return undefined;
  const milliseconds = durationMs(String(since));
  if (milliseconds !== undefined) return milliseconds / 1000;
  throw new UserError(`--since is a duration, not "${since}".`, 'For example: --since=10m (s, m, h, d, w)');
}
