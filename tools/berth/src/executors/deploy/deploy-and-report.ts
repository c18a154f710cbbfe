import {
  isEmpty,
  FailedDeploy,
  type DeployOutcome,
  type DeployRequest,
  type DeployTarget,
} from '@berth/deploy';
import { author } from '../../environment/author';
import type { EnvironmentModels } from '../../environment/environment-of';
import { connect } from '../../environment/target';
import { writeFailure, writeResult } from '../../result-file';
import { Reporter } from './reporter';
import { changeResults, type StepResult } from './result';

/** What every command that deploys can be told. */
export interface DeployingOptions {
  dryRun?: boolean;
  takeOver?: boolean;
  wait?: boolean;
  rollback?: boolean;
  /** Seconds. */
  timeout?: number;
  json?: string;
}

export interface Deploying {
  /** The workspace. */
  root: string;
  options: DeployingOptions;
  /** Where it answers then, as far as that is known. */
  addresses: readonly string[];
  signal: AbortSignal;
}

/** Of a request, what is the same whatever is deployed. */
export type DeployingRequest = Pick<
  DeployRequest,
  | 'environment'
  | 'author'
  | 'dryRun'
  | 'takeOver'
  | 'wait'
  | 'noRollback'
  | 'timeoutMs'
  | 'onEvent'
  | 'signal'
>;

/**
 * Deploys by `run`, prints how it goes and where it answers then, and writes the `--json` file, for a failure too.
 * @param run gets an open way to what runs the environment
 */
export async function deployAndReport(
  models: EnvironmentModels,
  { root, options, addresses, signal }: Deploying,
  run: (target: DeployTarget, request: DeployingRequest) => Promise<DeployOutcome>,
): Promise<void> {
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const { environment } = models;
  const dryRun = !!options.dryRun;
  const { target, close } = connect(models, root, { early: true });
  const steps: StepResult[] = [];
  try {
    const reporter = new Reporter(console.log);
    const outcome = await run(target, {
      environment: environment.name,
      author: author(),
      dryRun,
      takeOver: !!options.takeOver,
      wait: !!options.wait,
      noRollback: options.rollback === false,
      timeoutMs: (options.timeout ?? 300) * 1000,
      onEvent: (event) => {
        reporter.tell(event);
        if (event.kind === 'step' && event.state === 'finished')
          steps.push({ step: event.step, seconds: event.milliseconds / 1000 });
      },
      signal,
    });
    if (dryRun) console.log('\nThis was a dry run: nothing was changed.');
    else {
      const done = isEmpty(outcome.changes)
        ? 'is as it should be already'
        : `is deployed, record ${outcome.record}`;
      console.log(`\n${environment.name} ${done}  (${seconds().toFixed(1)} s)`);
      for (const address of addresses) console.log(`  ${address}`);
    }
    const { changes, ...rest } = outcome;
    writeResult(root, options.json, {
      environment: environment.name,
      dryRun,
      changes: changeResults(changes),
      ...rest,
      addresses,
      steps,
      seconds: seconds(),
    });
  } catch (error) {
    writeFailure(root, options.json, {
      environment: environment.name,
      dryRun,
      changes: [],
      failure: (error as Error).message,
      ...(error instanceof FailedDeploy && error.restored !== undefined ? { restored: error.restored } : {}),
      steps,
      seconds: seconds(),
    });
    throw error;
  } finally {
    close();
  }
}
