import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildRequest } from './request';

/** Writes the Dockerfile into its context. @returns a build of the image that the tests of faults use */
export async function faultyBuild(context: string, text: string): Promise<BuildRequest> {
  const dockerfile = join(context, 'Dockerfile');
  await writeFile(dockerfile, text);
  const reference = 'localhost:5000/berth-test/faults:1';
  return { reference, context, dockerfile, args: {}, platforms: [], labels: {} };
}
