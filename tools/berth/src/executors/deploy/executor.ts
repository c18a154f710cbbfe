import type { ExecutorContext } from '@nx/devkit';
import { deploy as deployTo, isEmpty } from '@berth/deploy';
import { interruptible, ProcessRunner } from '@berth/exec';
import { addressesOf } from '../../environment/addresses';
import { desiredObjects } from '../../environment/desired';
import { environmentOf } from '../../environment/environment-of';
import { imageSourceOf } from '../../environment/image-source';
import { mayChange } from '../../environment/protection';
import { connect } from '../../environment/target';
import { invocation } from '../../invocation';
import { writeFailure, writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { author, commitOf } from '../../environment/author';
import { Reporter } from './reporter';
import { changeResults } from './result';
import { writePinned } from './write-pinned';

export interface DeployOptions {
  dryRun?: boolean;
  build?: boolean;
  takeOver?: boolean;
  wait?: boolean;
  write?: string;
  /** Seconds. */
  timeout?: number;
  json?: string;
}

/** Brings the environment to what the workspace says. */
export default function deploy(options: DeployOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    // Stops at the next safe place, and gives the lease back.
    interruptible((signal) => deployUntil(signal, options, context), {
      message: 'Interrupted. What was applied stays.',
    }),
  );
}

async function deployUntil(signal: AbortSignal, options: DeployOptions, context: ExecutorContext) {
  const started = Date.now();
  const runner = new ProcessRunner();
  const models = environmentOf(context);
  const { environment } = models;
  if (!mayChange(environment, context.projectName ?? '', 'deploy', invocation(process.env))) {
    console.log(`${environment.name} is protected and was not named: nothing was done.`);
    writeResult(context.root, options.json, {
      environment: environment.name,
      skipped: 'protected',
      changes: [],
    });
    return;
  }
  const services = models.services();
  const images = imageSourceOf(services, models.options, context);
  if (options.write !== undefined) {
    const dryRun = !!options.dryRun;
    const build = options.build !== false;
    const written = await writePinned(models, images, options.write, { root: context.root, build, dryRun });
    for (const service of dryRun ? written.missingImages : []) console.log(`+ build the image of ${service}`);
    const files = `${written.files.length} files`;
    console.log(
      dryRun
        ? `Would write ${files} to ${written.folder}. This was a dry run: nothing was changed.`
        : `Wrote ${files}:\n\n  kubectl apply -k ${written.folder}`,
    );
    writeResult(context.root, options.json, { environment: environment.name, dryRun, ...written });
    return;
  }
  const { target, close } = connect(models, context.root);
  try {
    const reporter = new Reporter(console.log);
    const commit = await commitOf(context.root, runner);
    const outcome = await deployTo(target, {
      environment: environment.name,
      render: await desiredObjects(models, runner),
      images,
      needs: Object.fromEntries(services.map(({ name, needs }) => [name, needs])),
      author: author(),
      ...(commit ? { commit } : {}),
      dryRun: !!options.dryRun,
      noBuild: options.build === false,
      takeOver: !!options.takeOver,
      wait: !!options.wait,
      timeoutMs: (options.timeout ?? 300) * 1000,
      onEvent: (event) => reporter.tell(event),
      signal,
    });
    const seconds = (Date.now() - started) / 1000;
    const addresses = addressesOf(environment, services);
    if (options.dryRun) console.log('\nThis was a dry run: nothing was changed.');
    else {
      const done = isEmpty(outcome.changes)
        ? 'is as it should be already'
        : `is deployed, record ${outcome.record}`;
      console.log(`\n${environment.name} ${done}  (${seconds.toFixed(1)} s)`);
      for (const address of addresses) console.log(`  ${address}`);
    }
    writeResult(context.root, options.json, {
      environment: environment.name,
      dryRun: !!options.dryRun,
      changes: changeResults(outcome.changes),
      missingImages: outcome.missingImages,
      images: outcome.images,
      record: outcome.record,
      addresses,
      seconds,
    });
  } catch (error) {
    writeFailure(context.root, options.json, {
      environment: environment.name,
      dryRun: !!options.dryRun,
      changes: [],
      failure: (error as Error).message,
      seconds: (Date.now() - started) / 1000,
    });
    throw error;
  } finally {
    close();
  }
}
