import type { ExecutorContext } from '@nx/devkit';
import { deploy as deployTo } from '@berth/deploy';
import { interruptible, ProcessRunner, quoteArgv } from '@berth/exec';
import { addressesOf } from '../../environment/addresses';
import { desiredObjects } from '../../environment/target';
import { environmentOf } from '../../environment/environment-of';
import { writeResult } from '../../result-file';
import { keepHeapSmall } from '../../small-heap';
import { passedOver } from '../passed-over';
import { withUserErrors } from '../user-errors';
import { chosenImages, type ImageChoice } from './chosen-images';
import { deployAndReport, type DeployingOptions } from './deploy-and-report';
import { writePinned } from './write-pinned';

export interface DeployOptions extends DeployingOptions, ImageChoice {
  build?: boolean;
  write?: string;
}

/** Brings the environment to what the workspace says. */
export default function deploy(options: DeployOptions, context: ExecutorContext) {
  keepHeapSmall();
  return withUserErrors(() =>
    // Stops at the next safe place, and gives the lease back.
    interruptible((signal) => deployUntil(signal, options, context), {
      message: 'Interrupted. What was applied stays.',
    }),
  );
}

async function deployUntil(signal: AbortSignal, options: DeployOptions, context: ExecutorContext) {
  const models = environmentOf(context);
  const { environment } = models;
  if (passedOver(models, 'deploy', options, context)) return;
  const services = models.services();
  for (const line of models.leftOut()) console.log(line);
  const { source: images, commit: asked } = await chosenImages(options, models, services, context);
  if (options.write !== undefined) {
    const dryRun = !!options.dryRun;
    const build = options.build !== false;
    const written = await writePinned(models, images, options.write, { root: context.root, build, dryRun });
    for (const service of dryRun ? written.missingImages : []) console.log(`+ build the image of ${service}`);
    const count = written.files.length;
    const files = count === 1 ? '1 file' : `${count} files`;
    console.log(
      dryRun
        ? `Would write ${files} to ${written.folder}. This was a dry run: nothing was changed.`
        : `Wrote ${files}:\n\n  ${quoteArgv(written.command)}`,
    );
    writeResult(context.root, options.json, { environment: environment.name, dryRun, ...written });
    return;
  }
  const runner = new ProcessRunner();
  const addresses = addressesOf(models, services);
  const deploying = { root: context.root, options, addresses, signal };
  await deployAndReport(models, deploying, async (target, request) => {
    const render = await desiredObjects(models, runner);
    const commit = await asked;
    return deployTo(target, {
      ...request,
      render,
      images,
      needs: Object.fromEntries(services.map(({ name, needs }) => [name, needs])),
      ...(commit ? { commit } : {}),
      noBuild: options.build === false,
    });
  });
}
