import type { ExecutorContext } from '@nx/devkit';
import { checkEnvironmentName, UserError, type Cluster, type OrchestratorName } from '@berth/model';
import type { Connected } from '../../environment/orchestrators/access';
import { connectToCluster } from '../../environment/target';
import { writeResult } from '../../result-file';
import { chosenCluster } from '../../workspace/chosen-cluster';
import { filesOnDisk } from '../../workspace/files';
import { readCluster } from '../../workspace/models';
import { listAndDestroy, type DestroyOptions } from '../destroy/list-and-destroy';
import { withUserErrors } from '../user-errors';
import { destroyExpired } from './destroy-expired';
import { orchestratorsAsked, placeOf, refusing, type Place } from './places';

export interface DestroyAnyOptions extends DestroyOptions {
  /** A number when it looks like one: Nx parses what is typed. */
  env?: string | number;
  expired?: boolean;
  cluster?: string;
  orchestrator?: string;
}

/**
 * Destroys environments by what their labels say, as those of pull requests must be: their files were never committed.
 */
export default function destroyAny(options: DestroyAnyOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const command = `nx run ${context.projectName}:destroy`;
    const environment = options.env === undefined ? undefined : String(options.env);
    refuseDoubt(environment, options, command);
    const files = filesOnDisk(context.root);
    const cluster = readCluster(files, chosenCluster(files, options.cluster), { local: true });
    const asked = orchestratorsAsked(cluster, options.orchestrator);
    const where = options.cluster === undefined ? '' : ` --cluster=${options.cluster}`;
    const again = `${command} ${environment === undefined ? '--expired' : `--env=${environment}`}${where}`;
    const chosen = options.orchestrator === undefined ? '' : ` --orchestrator=${options.orchestrator}`;
    const places = asked.map((orchestrator) => open(cluster, orchestrator, context.root));
    try {
      const result =
        environment === undefined
          ? await destroyExpired(places, cluster.name, options, `${again}${chosen}`)
          : await destroyOne(places, environment, options, again);
      writeResult(context.root, options.json, result);
    } finally {
      for (const { close } of places) close();
    }
  });
}

async function destroyOne(
  places: readonly Place[],
  environment: string,
  options: DestroyAnyOptions,
  command: string,
) {
  const { target, orchestrator } = await placeOf(places, environment, command);
  const chosen = options.orchestrator === undefined ? '' : ` --orchestrator=${orchestrator}`;
  return listAndDestroy(target, environment, options, `${command}${chosen}`);
}

function open(
  cluster: Cluster,
  orchestrator: OrchestratorName,
  root: string,
): Place & Pick<Connected, 'close'> {
  try {
    return { orchestrator, ...connectToCluster(cluster, orchestrator, root) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { orchestrator, target: refusing(error), close: () => undefined };
  }
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
