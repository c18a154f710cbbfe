import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseCluster, parseEnvironment, parseService } from '@berth/model';
import { parseImageFile } from '../image/image-file';
import type { BerthOptions } from '../options';
import type { Kind } from './marker-files';

/**
 * Reads the file as its kind of model.
 * @returns whether an image is made of the folder
 * @throws UserError that says what is wrong and where
 */
export function checkMarkerFile(
  workspaceRoot: string,
  file: string,
  kind: Kind,
  project: string,
  defaults: Pick<BerthOptions, 'domain'>,
): { isImage: boolean } {
  const text = () => readFileSync(join(workspaceRoot, file), 'utf8');
  const root = posix.dirname(file);
  const folder = { name: posix.basename(root), root };
  switch (kind) {
    case 'service':
      return { isImage: parseService(text(), file, project).image === undefined };
    case 'environment':
      parseEnvironment(text(), folder, defaults);
      return { isImage: false };
    case 'cluster':
      parseCluster(text(), folder);
      return { isImage: false };
    case 'image':
      parseImageFile(text(), file);
      return { isImage: true };
  }
}
