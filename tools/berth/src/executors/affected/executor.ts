import type { ExecutorContext } from '@nx/devkit';
import { interruptible, ProcessRunner } from '@berth/exec';
import { innerNx } from '../../inner-nx';
import { withUserErrors } from '../user-errors';
import { findBase } from './base';

export interface AffectedOptions {
  /** `--targets=lint,test` comes from Nx as one string in a list. */
  targets: string[];
  base?: string | number;
}

/** Runs targets of what changed since the base, and of everything where that cannot be told: a pipeline's step. */
export default function affected({ targets, base }: AffectedOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(async (signal) => {
      const runner = new ProcessRunner({ cwd: context.root, signal });
      const found = await findBase(base === undefined ? undefined : String(base), runner);
      const names = targets.flatMap((target) => target.split(',')).join(',');
      const selection =
        'commit' in found ? ['affected', `--base=${found.commit}`, '--head=HEAD'] : ['run-many'];
      console.log(
        'commit' in found
          ? `Running ${names} of what changed since ${found.commit.slice(0, 10)}`
          : `Running ${names} of everything: ${found.reason}`,
      );
      const { program, env } = innerNx(context.root);
      const { exitCode } = await runner.run([...program, ...selection, '-t', names, '--outputStyle=static'], {
        env,
        expect: [0, 1],
        onLine: (line) => console.log(line),
      });
      return exitCode === 0;
    }),
  );
}
