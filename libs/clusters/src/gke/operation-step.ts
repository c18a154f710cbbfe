import type { Cluster, GkeSettings } from '@berth/model';
import type { Patience } from '../cloud/poll';
import type { Step } from '../provider';
import type { GkeCommands } from './commands';
import type { Gcloud } from './gcloud';
import { followOperation, operationsUnderWay } from './operations';

export interface GkeContext {
  gcloud: Gcloud;
  commands: GkeCommands;
  settings: GkeSettings;
  cluster: Cluster;
  patience: Patience;
}

type Progress = (line: string) => void;

/** Follows whatever is under way for the cluster; GKE takes one operation at a time. */
export async function settle(context: GkeContext, progress: Progress): Promise<void> {
  const { gcloud, commands, settings, cluster, patience } = context;
  for (const operation of await operationsUnderWay(gcloud, commands, settings, cluster.name))
    await followOperation(gcloud, commands, settings, operation, progress, patience);
}

/** Starts an operation and follows it to its end. */
export async function start(context: GkeContext, args: readonly string[], progress: Progress): Promise<void> {
  const { gcloud, commands, settings, cluster, patience } = context;
  await gcloud.run(args, settings);
  const [operation] = await operationsUnderWay(gcloud, commands, settings, cluster.name);
  if (operation) await followOperation(gcloud, commands, settings, operation, progress, patience);
}

/** A step of operations, one after the other. */
export function operationStep(context: GkeContext, title: string, all: readonly string[][]): Step {
  return {
    title,
    details: all.map((args) => context.gcloud.line(args)),
    run: async (log, progress = log) => {
      await settle(context, progress);
      for (const args of all) await start(context, args, progress);
    },
  };
}
