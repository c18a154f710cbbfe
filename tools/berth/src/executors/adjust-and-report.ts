import type { ExecutorContext } from '@nx/devkit';
import { adjust, type AdjustSteps, type Change } from '@berth/deploy';
import { interruptible } from '@berth/exec';
import { author } from '../environment/author';
import { environmentOf, type EnvironmentModels } from '../environment/environment-of';
import type { Connected } from '../environment/orchestrators/access';
import { connect } from '../environment/target';
import { writeResult } from '../result-file';
import { Reporter } from './deploy/reporter';
import { changeResults } from './deploy/result';
import { passedOver } from './passed-over';
import { withUserErrors } from './user-errors';

export interface AdjustOptions {
  dryRun?: boolean;
  wait?: boolean;
  /** Seconds. */
  timeout?: number;
  json?: string;
}

/** What a target changes, and how where that is not by `Adjusting`. */
export interface Adjustment extends AdjustSteps {
  plan: () => Promise<Change[]>;
}

/**
 * Changes what runs between two deploys, prints how it goes, and writes the `--json` file.
 * @param name the target, for example `scale`
 * @param begin gets an open way to what runs the environment
 * @param check of the options, before anything is asked
 */
export function adjustAndReport(
  name: string,
  options: AdjustOptions,
  context: ExecutorContext,
  begin: (
    target: Connected['target'],
    models: EnvironmentModels,
    signal: AbortSignal,
  ) => Adjustment | Promise<Adjustment>,
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
      const { plan, ...steps } = await begin(target, models, signal);
      const changes = await adjust(
        target,
        {
          environment,
          author: author(),
          dryRun,
          wait: !!options.wait,
          timeoutMs: (options.timeout ?? 300) * 1000,
          onEvent: (event) => reporter.tell(event),
          signal,
        },
        plan,
        steps,
      );
      if (dryRun) console.log('\nThis was a dry run: nothing was changed.');
      writeResult(context.root, options.json, { environment, dryRun, changes: changeResults(changes) });
    } finally {
      close();
    }
  };
  return withUserErrors(() => interruptible(run, { message: 'Interrupted. What was changed stays.' }));
}
