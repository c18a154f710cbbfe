import { UserError } from '@berth/model';
import type { Step } from '../provider';
import { answers, complaint, type GkeDescription } from './description';
import { find, refuseForeign } from './find';
import { settle, start, type GkeContext } from './operation-step';
import { GcloudRefusal } from './refusal';

/**
 * The step that makes the cluster, or goes on with one that is being made; undefined when it answers already.
 * @throws UserError when it has failed: then only destroying it helps
 */
export function createStep(context: GkeContext, found: GkeDescription | undefined): Step | undefined {
  const { gcloud, commands, cluster } = context;
  if (found && answers(found)) return undefined;
  if (found && ['ERROR', 'DEGRADED'].includes(found.status)) throw failed(context, found);
  const create = gcloud.line(commands.create());
  return {
    title: `Cluster ${cluster.name}`,
    details:
      found === undefined
        ? [create]
        : found.status === 'STOPPING'
          ? ['wait until the one of that name is gone', create]
          : ['wait until what is under way has made it'],
    run: async (log, progress = log) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await bringUp(context, progress);
        } catch (error) {
          // The answer may be lost while the question was not: what is there by now says it.
          const mayBeThere = error instanceof GcloudRefusal && ['unreachable', 'taken'].includes(error.kind);
          if (!mayBeThere || attempt > context.patience.failures) throw error;
          log(error.message);
          progress('the connection broke; looking for what is there');
        }
      }
    },
  };
}

async function bringUp(context: GkeContext, progress: (line: string) => void): Promise<void> {
  const { gcloud, commands, settings, cluster } = context;
  const now = await find(gcloud, commands, settings);
  if (now) refuseForeign(now, cluster);
  try {
    if (now) await settle(context, progress);
    if (!now || now.status === 'STOPPING') await start(context, commands.create(), progress);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof GcloudRefusal) throw error;
    throw new UserError(error.message, `${error.hint}\n${removal(context)}`, { cause: error });
  }
  const made = await find(gcloud, commands, settings);
  if (!made || !answers(made)) throw failed(context, made);
}

function failed(context: GkeContext, found: GkeDescription | undefined): UserError {
  const { name } = context.cluster;
  const why = found ? complaint(found) : 'it is not there any more';
  return new UserError(`The cluster ${name} could not be made: ${why}`, removal(context));
}

function removal({ cluster: { name } }: GkeContext): string {
  return `What was made of it costs money. Remove it, then make it anew: nx destroy cluster-${name} && nx create cluster-${name}`;
}
