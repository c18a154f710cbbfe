import { parameterPath, type ManifestObject } from '@berth/manifests';
import type { Aws } from './aws';
import { ECS_SERVICE } from './kinds';
import { serviceOf } from './service-of';
import { deleteParameters, parametersBelow, writeParameter } from './parameters';

/** By service the number of tasks that somebody has set, and that deploys leave alone. */
export type Scales = ReadonlyMap<string, number>;

export async function readScales(aws: Aws, environment: string): Promise<Scales> {
  const found = await parametersBelow(aws, parameterPath(environment, 'scales'));
  return new Map(found.map(({ name, value }) => [name.split('/').at(-1) ?? '', Number(value)]));
}

/** @param count undefined gives the number back to deploys */
export async function keepScale(
  aws: Aws,
  environment: string,
  service: string,
  count: number | undefined,
): Promise<void> {
  const name = parameterPath(environment, 'scales', service);
  if (count === undefined) await deleteParameters(aws, [name]);
  else await writeParameter(aws, name, String(count));
}

/** The objects with the numbers that somebody has set, where a deploy sets a number at all. */
export function withScales(objects: readonly ManifestObject[], scales: Scales): ManifestObject[] {
  return objects.map((object) => {
    const count = object.kind === ECS_SERVICE ? scales.get(serviceOf(object)) : undefined;
    const properties = object['Properties'] as { DesiredCount?: number } | undefined;
    if (count === undefined || properties?.DesiredCount === undefined) return object;
    return { ...object, Properties: { ...properties, DesiredCount: count } };
  });
}
