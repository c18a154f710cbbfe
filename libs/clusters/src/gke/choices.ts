import { UserError, type Cluster, type GkeSettings } from '@berth/model';
import { nearestOnes } from '../cloud/nearest';
import type { Gcloud } from './gcloud';
import { GcloudRefusal } from './refusal';

/**
 * Sees that the cluster's zone or region and machine type exist, before anything is made. What may not be asked is left
 * to the creation.
 * @throws UserError that shows the nearest ones
 */
export async function checkChoices(gcloud: Gcloud, { root }: Cluster, settings: GkeSettings): Promise<void> {
  const { project, location, isRegion, pool } = settings;
  const file = `${root}/cluster.json`;
  const zones = await namesOf(gcloud, ['compute', 'zones', 'list', '--project', project], settings);
  if (zones === undefined) return;
  const regionOf = (zone: string) => zone.replace(/-[^-]*$/, '');
  const locations = isRegion ? [...new Set(zones.map(regionOf))] : zones;
  const what = isRegion ? 'region' : 'zone';
  if (!locations.includes(location)) {
    throw new UserError(
      `${file} at ${what}: Google Cloud has no ${what} "${location}" for the project ${project}`,
      nearestOnes(location, locations),
    );
  }
  if (!pool) return;
  const zone = isRegion ? (zones.find((name) => regionOf(name) === location) ?? '') : location;
  const types = await namesOf(
    gcloud,
    ['compute', 'machine-types', 'list', '--project', project, '--zones', zone],
    settings,
  );
  if (types === undefined || types.includes(pool.machineType)) return;
  throw new UserError(
    `${file} at machineType: there is no machine type "${pool.machineType}" in ${zone}`,
    nearestOnes(pool.machineType, types),
  );
}

async function namesOf(
  gcloud: Gcloud,
  args: readonly string[],
  settings: GkeSettings,
): Promise<string[] | undefined> {
  try {
    return (await gcloud.json<{ name: string }[]>(args, settings)).map(({ name }) => name);
  } catch (error) {
    if (error instanceof GcloudRefusal && ['forbidden', 'disabled'].includes(error.kind)) return undefined;
    throw error;
  }
}
