import type { ExecutorContext } from '@nx/devkit';
import { adjustAndReport, type AdjustOptions } from '../adjust-and-report';
import { namesIn } from '../names-in';

export interface RestartOptions extends AdjustOptions {
  /** Separated by commas. */
  service?: string;
}

/** Starts the pods of services anew, a few at a time, and waits until they are healthy. */
export default function restart(options: RestartOptions, context: ExecutorContext) {
  const at = new Date().toISOString();
  return adjustAndReport('restart', options, context, (target, { environment }) => ({
    plan: () => target.planRestart(environment.name, namesIn(options.service), at),
  }));
}
