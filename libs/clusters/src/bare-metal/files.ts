import type { HostFiles, WholeFile } from '@berth/exec';

export { writeWhole } from '@berth/exec';

/** Path and whole text of a file that a step writes. */
export type MachineFile = WholeFile;

export async function isWritten(files: HostFiles, { path, content }: MachineFile): Promise<boolean> {
  return (await files.read(path)) === content;
}
