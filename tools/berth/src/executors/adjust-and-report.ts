import type { ExecutorContext } from '@nx/devkit';
import { adjust, type Adjusting, type Change, type DeployTarget } from '@berth/deploy';
import { interruptible } from '@berth/exec';
import { author } from '../environment/author';
import { environmentOf } from '../environment/environment-of';
import { connect } from '../environment/target';
import { writeResult } from '../result-file';
import { Reporter } from './deploy/reporter';
import { changeResults } from './deploy/result';
import { passedOver } from './passed-over';
import { withUserErrors } from './user-errors';

export interface AdjustOptions {
  dryRun?: boolean;
  /** Seconds. */
  timeout?: number;
  json?: string;
}

/**
 * Changes what runs between two deploys, prints how it goes, and writes the `--json` file.
 * @param name the target, for example `scale`
 * @param check of the options, before anything is asked
 */
export function adjustAndReport(
  name: string,
  options: AdjustOptions,
  context: ExecutorContext,
  plan: (target: Adjusting & DeployTarget, environment: string) => Promise<Change[]>,
  check: () => void = () => undefined,
) {
  const run = async (signal: AbortSignal) => {
    check();
    const models = environmentOf(context);
    if (passedOver(models, name, options, context)) return;
    const environment = models.environment.name;
    const dryRun = !!options.dryRun;
    const { target, close } = connect(models, context.root);
    try {
      const reporter = new Reporter(console.log);
      const changes = await adjust(
        target,
        {
          environment,
          author: author(),
          dryRun,
          timeoutMs: (options.timeout ?? 300) * 1000,
          onEvent: (event) => reporter.tell(event),
          signal,
        },
        () => plan(target, environment),
      );
      if (dryRun) console.log('\nThis was a dry run: nothing was changed.');
      writeResult(context.root, options.json, { environment, dryRun, changes: changeResults(changes) });
    } finally {
      close();
    }
  };
  return withUserErrors(() => interruptible(run, { message: 'Interrupted. What was changed stays.' }));
}
