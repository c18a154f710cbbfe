import { UserError, type Cluster, type EksSettings } from '@berth/model';
import { nearestOnes } from '../cloud/nearest';
import { asked, type Aws } from './aws';
import { AwsRefusal } from './refusal';

/**
 * Sees that AWS has the region, before anything is asked there. What may not be asked is left to the creation.
 * @param aws in a region that is always there
 * @throws UserError that shows the nearest ones
 */
export async function checkRegion(aws: Aws, { root }: Cluster, settings: EksSettings): Promise<void> {
  const { region } = settings;
  // China and the American government have AWS of their own, which the others do not know of.
  if (/^(cn|us-gov|us-iso)/.test(region)) return;
  const regions = await ifAllowed(async () => {
    const { Regions: all = [] } = await asked(settings, () => aws.ec2.describeRegions({ AllRegions: true }));
    return all.map(({ RegionName: name = '' }) => name);
  });
  if (!regions || regions.includes(region)) return;
  throw new UserError(
    `${root}/cluster.json at region: AWS has no region "${region}"`,
    nearestOnes(region, regions),
  );
}

/** Sees that the region has the instance types, before anything is made. @throws UserError that shows the nearest ones */
export async function checkMachineTypes(aws: Aws, { root }: Cluster, settings: EksSettings): Promise<void> {
  const types = await ifAllowed(() => machineTypes(aws, settings));
  settings.pool.machineTypes.forEach((type, index) => {
    if (!types || types.includes(type)) return;
    throw new UserError(
      `${root}/cluster.json at machineTypes[${index}]: there is no instance type "${type}" in ${settings.region}`,
      nearestOnes(type, types),
    );
  });
}

async function machineTypes(aws: Aws, settings: EksSettings): Promise<string[]> {
  const types: string[] = [];
  let token: string | undefined;
  do {
    const page = await asked(settings, () =>
      aws.ec2.describeInstanceTypeOfferings({
        LocationType: 'region',
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    types.push(...(page.InstanceTypeOfferings ?? []).map(({ InstanceType: type = '' }) => type));
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return types;
}

async function ifAllowed<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AwsRefusal && error.kind === 'forbidden') return undefined;
    throw error;
  }
}
