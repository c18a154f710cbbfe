import { join } from 'node:path';
import { KUBERNETES_VERSION } from '@berth/clusters';
import { SmallWorkspace } from '@berth/nx/src/testing-workspace';
import { TestImages } from '@berth/registry/src/testing-images';
import { TestRegistry } from '@berth/registry/src/testing-registry';
import type { BenchContext } from '../benchmark';
import { ControlPlane, type ControlPlaneOptions } from '../control-plane/control-plane';
import { benchPrograms, builtForBench, KWOK_VERSION } from '../control-plane/programs';
import { installNothing } from '../nothing';
import { bareEnvironment } from '../nx';
import type { Place } from './contestants';

/** Pinned in go.mod and go.sum. */
const HELM_VERSION = 'v3.22.0';

export const deployVersions = {
  kubernetes: KUBERNETES_VERSION,
  kubectl: KUBERNETES_VERSION,
  helm: HELM_VERSION,
  kwok: KWOK_VERSION,
};

/** What all contestants have in common. */
export interface Surroundings {
  scratch: string;
  plane: ControlPlane;
  programs: Place['programs'];
  /** The node_modules of those that run Nx. */
  modules: string;
  images: readonly [first: string, other: string];
  /** Of the programs: nothing else of this process' environment reaches them. */
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** Makes what all contestants have in common, and takes it away again. @param plane how its control plane is to be */
export async function inSurroundings<Result>(
  context: BenchContext,
  plane: Pick<ControlPlaneOptions, 'users' | 'controllers'>,
  work: (surroundings: Surroundings) => Promise<Result>,
): Promise<Result> {
  const { scratch, signal } = context;
  const helm = await builtForBench(
    {
      name: 'helm',
      version: HELM_VERSION,
      source: 'helm.sh/helm/v3/cmd/helm',
      ldflags: [`-X helm.sh/helm/v3/internal/version.version=${HELM_VERSION}`],
    },
    context,
  );
  const programs = await benchPrograms(context);
  const packages = await SmallWorkspace.of({});
  const cleaning: (() => Promise<void>)[] = [];
  try {
    const registry = await TestRegistry.start({ folder: scratch, name: 'registry' });
    cleaning.unshift(() => registry.stop());
    const started = await ControlPlane.start({ folder: join(scratch, 'plane'), programs, ...plane });
    cleaning.unshift(() => started.stop());
    const modules = join(packages.root, 'node_modules');
    installNothing(modules);
    return await work({
      scratch,
      plane: started,
      programs: { kubectl: programs.kubectl, helm },
      modules,
      images: await twoImages(registry.host),
      env: bareEnvironment({ HOME: scratch }),
      signal,
    });
  } finally {
    for (const clean of cleaning) await clean();
    packages.remove();
  }
}

/** Two images that are there, and that nobody starts. */
async function twoImages(host: string): Promise<[string, string]> {
  const images = new TestImages(`http://${host}`);
  const put = async (tag: string, architecture: string) =>
    `${host}/app@${await images.put('app', tag, architecture)}`;
  return [await put('1', 'amd64'), await put('2', 'arm64')];
}
