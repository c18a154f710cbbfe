import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseCluster, parseEnvironment, parseService } from '@berth/model';
import type { BerthOptions } from '../options';
import type { Kind } from './marker-files';
import { readJsonObject } from './read-json';

/** Reads the file as its kind of model. @throws UserError that says what is wrong and where. */
export function checkMarkerFile(
  workspaceRoot: string,
  file: string,
  kind: Kind,
  project: string,
  defaults: Pick<BerthOptions, 'domain'>,
): void {
  const text = () => readFileSync(join(workspaceRoot, file), 'utf8');
  const root = posix.dirname(file);
  const folder = { name: posix.basename(root), root };
  switch (kind) {
    case 'service':
      parseService(text(), file, project);
      return;
    case 'environment':
      parseEnvironment(text(), folder, defaults);
      return;
    case 'cluster':
      parseCluster(text(), folder);
      return;
    case 'image':
      readJsonObject(workspaceRoot, file);
      return;
  }
}
