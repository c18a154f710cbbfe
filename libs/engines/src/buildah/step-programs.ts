import type { Runner } from '@berth/exec';

const RUNTIMES = ['runc', 'crun'];

/**
 * Ends the programs of RUN that an interrupted build has left running: buildah does not always come to it, when its
 * own question to the runtime is interrupted too.
 * @param folder the build's temporary folder, in which the bundles of its containers were
 */
export async function endStepPrograms(folder: string, runner: Runner): Promise<void> {
  for (const runtime of RUNTIMES) {
    const listed = await runner.run([runtime, 'list', '--format', 'json']).catch(() => undefined);
    const containers = (JSON.parse(listed?.stdout || 'null') ?? []) as { id: string; bundle: string }[];
    for (const { id, bundle } of containers) {
      if (bundle.startsWith(`${folder}/`))
        await runner.run([runtime, 'delete', '--force', id], { expect: [0, 1] });
    }
  }
}
