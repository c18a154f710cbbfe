import { homedir } from 'node:os';
import { join } from 'node:path';
import { bareMetal, type ControlPlanePrograms } from '@berth/clusters';
import { goProgram, ProcessRunner, type GoProgram } from '@berth/exec';
import type { BenchContext } from '../benchmark';

/** Pinned in go.mod and go.sum. */
export const KWOK_VERSION = 'v0.8.0';

/** What a control plane of the benchmark's own is made of. */
export interface BenchPrograms extends ControlPlanePrograms {
  /** Says of pods that they run, where there are no real nodes. */
  kwok: string;
}

/** Of the local cluster's versions; what is missing is built or downloaded, and kept for the next run. */
export async function benchPrograms(context: BenchContext): Promise<BenchPrograms> {
  const { root, signal, print } = context;
  const runner = new ProcessRunner({ signal });
  const cluster = bareMetal({ runner, workspace: root, home: homedir() });
  const kwok = await builtForBench(
    {
      name: 'kwok',
      version: KWOK_VERSION,
      source: 'sigs.k8s.io/kwok/cmd/kwok',
      ldflags: [`-X sigs.k8s.io/kwok/pkg/consts.Version=${KWOK_VERSION}`],
    },
    context,
  );
  return { ...(await cluster.controlPlanePrograms(print)), kwok };
}

/** A program of a Go module whose go.mod and go.sum are in `modules/<name>`. */
export function builtForBench(
  program: Pick<GoProgram, 'name' | 'version' | 'source' | 'ldflags'>,
  { signal, print }: BenchContext,
): Promise<string> {
  const module = join(__dirname, '../../modules', program.name);
  return goProgram({ ...program, module }, { signal, onLine: print });
}
