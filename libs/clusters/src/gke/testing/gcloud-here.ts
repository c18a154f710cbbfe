import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Why the real gcloud is not tested here; undefined where it is. Google's archive is not to be had on every machine. */
export function noGcloud(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => isProgram(join(folder, 'gcloud')))
    ? undefined
    : 'this machine has no gcloud in PATH, and tests do not download it';
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
