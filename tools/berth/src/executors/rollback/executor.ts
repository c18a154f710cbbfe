import type { ExecutorContext } from '@nx/devkit';
import { rollback as rollBack } from '@berth/deploy';
import { interruptible } from '@berth/exec';
import { UserError } from '@berth/model';
import { environmentOf } from '../../environment/environment-of';
import { recordedImages } from '../../environment/recorded-images';
import { openRegistry } from '../../image/open-registry';
import { keepHeapSmall } from '../../small-heap';
import { deployAndReport, type DeployingOptions } from '../deploy/deploy-and-report';
import { passedOver } from '../passed-over';
import { withUserErrors } from '../user-errors';

export interface RollbackOptions extends DeployingOptions {
  /** The number of a record. */
  to?: number;
}

/** Deploys the whole set of an earlier record. */
export default function rollback(options: RollbackOptions, context: ExecutorContext) {
  keepHeapSmall();
  return withUserErrors(() =>
    interruptible((signal) => rollbackUntil(signal, options, context), {
      message: 'Interrupted. What was applied stays.',
    }),
  );
}

async function rollbackUntil(signal: AbortSignal, options: RollbackOptions, context: ExecutorContext) {
  const models = environmentOf(context);
  const { name } = models.environment;
  const { to } = options;
  if (to !== undefined && !(Number.isInteger(to) && to > 0)) {
    throw new UserError(
      `--to is the number of a record, not ${to}.`,
      `nx run ${context.projectName}:history`,
    );
  }
  if (passedOver(models, 'rollback', options, context)) return;
  const deploying = { root: context.root, options, addresses: [], signal };
  await deployAndReport(models, deploying, async (target, request) => {
    const outcome = await rollBack(target, {
      ...request,
      ...(to === undefined ? {} : { to }),
      images: (recorded) =>
        recordedImages(
          recorded,
          () => openRegistry(models.options, console.log),
          `the record that ${name} is to go back to`,
          `Choose another one: nx run ${context.projectName}:history, nx rollback ${context.projectName} --to=<number>\nor build what the workspace says: nx deploy ${context.projectName}`,
        ),
    });
    const { number, commit, finishedAt } = outcome.restored;
    const of = commit ? ` of ${commit.slice(0, 10)}` : '';
    console.log(`\nThis is record ${number}${of}, deployed at ${finishedAt}.`);
    return outcome;
  });
}
