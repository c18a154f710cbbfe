import type { ExecutorContext } from '@nx/devkit';
import { UserError } from '@berth/model';
import { adjustAndReport, type AdjustOptions } from '../adjust-and-report';

export interface ScaleOptions extends AdjustOptions {
  service: string;
  replicas?: number;
  reset?: boolean;
}

/** Sets how many replicas of a service run, whatever deploys say. */
export default function scale(options: ScaleOptions, context: ExecutorContext) {
  const { replicas, reset } = options;
  const service = String(options.service);
  return adjustAndReport(
    'scale',
    options,
    context,
    (target, { environment }) => ({
      plan: () => target.planScale(environment.name, service, reset ? undefined : replicas),
    }),
    () => refuseDoubt(options, context),
  );
}

/** @throws UserError unless it is plain how many there are to be */
function refuseDoubt({ service, replicas, reset }: ScaleOptions, { projectName }: ExecutorContext): void {
  const command = `nx scale ${projectName} --service=${service}`;
  if ((replicas !== undefined) === !!reset) {
    throw new UserError(
      reset
        ? '--replicas and --reset exclude each other.'
        : 'Nothing says how many replicas there are to be.',
      `A number: ${command} --replicas=3\nthat of env.json and service.json, from the next deploy on: ${command} --reset`,
    );
  }
  if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 0))
    throw new UserError(
      `--replicas is a whole number from 0 on, not ${replicas}.`,
      `${command} --replicas=3`,
    );
}
