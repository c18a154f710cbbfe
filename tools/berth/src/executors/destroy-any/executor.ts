import type { ExecutorContext } from '@nx/devkit';
import { checkEnvironmentName, UserError } from '@berth/model';
import { connectToCluster } from '../../environment/target';
import { writeResult } from '../../result-file';
import { chosenCluster } from '../../workspace/chosen-cluster';
import { filesOnDisk } from '../../workspace/files';
import { readCluster } from '../../workspace/models';
import { listAndDestroy, type DestroyOptions } from '../destroy/list-and-destroy';
import { withUserErrors } from '../user-errors';
import { destroyExpired } from './destroy-expired';

export interface DestroyAnyOptions extends DestroyOptions {
  /** A number when it looks like one: Nx parses what is typed. */
  env?: string | number;
  expired?: boolean;
  cluster?: string;
}

/**
 * Destroys environments by what their namespaces say, as those of pull requests must be: their files were never
 * committed.
 */
export default function destroyAny(options: DestroyAnyOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const command = `nx run ${context.projectName}:destroy`;
    const environment = options.env === undefined ? undefined : String(options.env);
    refuseDoubt(environment, options, command);
    const files = filesOnDisk(context.root);
    const cluster = readCluster(files, chosenCluster(files, options.cluster), { local: true });
    const again = `${command} ${environment === undefined ? '--expired' : `--env=${environment}`}`;
    const { target, close } = connectToCluster(cluster, context.root);
    try {
      const result =
        environment === undefined
          ? await destroyExpired(target, cluster.name, options, again)
          : await listAndDestroy(target, environment, options, again);
      writeResult(context.root, options.json, result);
    } finally {
      close();
    }
  });
}

/** @throws UserError unless it is plain what is to go */
function refuseDoubt(environment: string | undefined, { expired }: DestroyAnyOptions, command: string): void {
  if ((environment !== undefined) === !!expired) {
    throw new UserError(
      expired ? '--env and --expired exclude each other.' : 'Nothing says what is to be destroyed.',
      `One environment: ${command} --env=pr-42\nall whose ttl is over: ${command} --expired`,
    );
  }
  const [finding] = environment === undefined ? [] : checkEnvironmentName(environment);
  if (finding) throw new UserError(finding.message, `${command} --env=pr-42`);
}
