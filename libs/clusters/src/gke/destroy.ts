import type { Step } from '../provider';
import type { GkeDescription } from './description';
import { find } from './find';
import {
  deletions,
  leftoverLines,
  leftoversOf,
  nodePrefixes,
  type GkeAddress,
  type GkeDisk,
  type GkeForwardingRule,
  type GkeTargetPool,
  type Inventory,
  type Leftovers,
} from './leftovers';
import { settle, start, type GkeContext } from './operation-step';
import { GcloudRefusal } from './refusal';

/** Deletes the cluster with its nodes, or goes on with that. */
export function deleteStep(context: GkeContext, found: GkeDescription): Step {
  const { gcloud, commands, settings, cluster } = context;
  const nodes = found.currentNodeCount === undefined ? [] : [`delete its ${found.currentNodeCount} nodes`];
  return {
    title: `Cluster ${cluster.name}`,
    details: [gcloud.line(commands.delete()), ...nodes],
    run: async (log, progress = log) => {
      await settle(context, progress);
      if (await find(gcloud, commands, settings)) await start(context, commands.delete(), progress);
    },
  };
}

/** Deletes what stays on the bill; looked for again, since some of it goes with the cluster. */
export function leftoversStep(context: GkeContext, leftovers: Leftovers, prefixes: readonly RegExp[]): Step {
  const { gcloud, settings } = context;
  return {
    title: 'Disks and load balancers',
    details: leftoverLines(leftovers),
    run: async (log) => {
      const inventory = await readInventory(context);
      const left = leftoversOf(
        { name: context.cluster.name, location: settings.location },
        prefixes,
        inventory,
      );
      for (const args of deletions(left, settings.project)) {
        log(gcloud.line(args));
        try {
          await gcloud.run(args, settings);
        } catch (error) {
          // Somebody else was quicker, or it went with something that used it.
          if (!(error instanceof GcloudRefusal && error.kind === 'absent')) throw error;
        }
      }
    },
  };
}

/** What of the cluster would stay, or has stayed; nothing where nobody may ask. */
export async function readLeftovers(
  context: GkeContext,
  found: GkeDescription | undefined,
): Promise<{ leftovers: Leftovers; prefixes: RegExp[] }> {
  const { cluster, settings } = context;
  const groups = found?.nodePools?.flatMap(({ instanceGroupUrls = [] }) => instanceGroupUrls);
  const prefixes = nodePrefixes(cluster.name, groups);
  const inventory = await readInventory(context);
  return {
    leftovers: leftoversOf({ name: cluster.name, location: settings.location }, prefixes, inventory),
    prefixes,
  };
}

async function readInventory({ gcloud, settings }: GkeContext): Promise<Inventory> {
  const all = async <Value>(kind: string): Promise<Value[]> => {
    const args = ['compute', kind, 'list', '--project', settings.project];
    try {
      return (await gcloud.json<Value[] | null>(args, settings)) ?? [];
    } catch (error) {
      if (error instanceof GcloudRefusal && error.kind === 'disabled') return [];
      throw error;
    }
  };
  const [disks, forwardingRules, targetPools, addresses] = await Promise.all([
    all<GkeDisk>('disks'),
    all<GkeForwardingRule>('forwarding-rules'),
    all<GkeTargetPool>('target-pools'),
    all<GkeAddress>('addresses'),
  ]);
  return { disks, forwardingRules, targetPools, addresses };
}
