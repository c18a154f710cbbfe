import { UserError, type Cluster, type EksSettings } from '@berth/model';
import { nearestOnes } from '../cloud/nearest';
import { asked, type Aws } from './aws';
import { AwsRefusal } from './refusal';

/**
 * Sees that the region and the machine types exist, before anything is made. What may not be asked is left to the
 * creation.
 * @param elsewhere gives AWS in a region that is always there
 * @throws UserError that shows the nearest ones
 */
export async function checkChoices(
  aws: Aws,
  elsewhere: (region: string) => Promise<Aws>,
  { root }: Cluster,
  settings: EksSettings,
): Promise<void> {
  const { region, pool } = settings;
  const file = `${root}/cluster.json`;
  const regions = await ifAllowed(async () => {
    const { ec2 } = await elsewhere('us-east-1');
    const { Regions: all = [] } = await asked(settings, () => ec2.describeRegions({ AllRegions: true }));
    return all.map(({ RegionName: name = '' }) => name);
  });
  // China and the American government have AWS of their own, which the others do not know of.
  if (regions && !regions.includes(region) && !/^(cn|us-gov|us-iso)/.test(region)) {
    throw new UserError(`${file} at region: AWS has no region "${region}"`, nearestOnes(region, regions));
  }
  const types = await ifAllowed(() => machineTypes(aws, settings));
  pool.machineTypes.forEach((type, index) => {
    if (!types || types.includes(type)) return;
    throw new UserError(
      `${file} at machineTypes[${index}]: there is no instance type "${type}" in ${region}`,
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
