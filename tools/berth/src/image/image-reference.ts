import { imageName } from '@berth/model';
import type { BerthOptions } from '../options';

/** An image of the workspace, with its tag. */
export function referenceOf(
  project: string,
  tag: string,
  { registry }: Pick<BerthOptions, 'registry'>,
): string {
  return `${imageName(registry, project)}:${tag}`;
}
