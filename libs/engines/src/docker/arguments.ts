import type { BuildRequest } from '../request';
import { pairs } from '../run-arguments';
import { SOURCE_DATE_EPOCH } from '../source-date';

/** Environment of buildx, which would ask git seven times what to say of the repository: nothing of it goes into an image. */
export const WITHOUT_GIT = { BUILDX_GIT_INFO: '0' };

/** Of the builder in dockerd. @param buildKit whether it is BuildKit */
export function buildArguments(request: BuildRequest, { buildKit }: { buildKit: boolean }): string[] {
  return [
    'docker',
    'build',
    ...imageArguments(request),
    // The older one does not know it, and would warn of an argument that no ARG takes.
    ...(buildKit ? buildKitArguments(request) : []),
    // Containers of failed steps would stay behind.
    ...(buildKit ? [] : ['--force-rm']),
    request.context,
  ];
}

/** Where the result of a builder with a BuildKit of its own goes. */
export interface BuildxOutput {
  /** The folder that gets it as an OCI image layout. */
  layout: string | undefined;
  /** Whether dockerd gets it. */
  loads: boolean;
  /** By reference, the folders of images that are in no registry. */
  layouts: ReadonlyMap<string, string>;
}

/** Of a builder with a BuildKit of its own. */
export function buildxArguments(request: BuildRequest, { layout, loads, layouts }: BuildxOutput): string[] {
  const bases = [...layouts].filter(([reference]) => Object.values(request.args).includes(reference));
  return [
    ...['docker', 'buildx', 'build'],
    ...imageArguments(request),
    ...buildKitArguments(request),
    ...bases.flatMap(([reference, folder]) => ['--build-context', `${reference}=oci-layout://${folder}`]),
    ...(layout === undefined ? [] : ['--output', `type=oci,tar=false,dest=${layout},rewrite-timestamp=true`]),
    ...(loads ? ['--output', 'type=docker,rewrite-timestamp=true'] : []),
    request.context,
  ];
}

function imageArguments({ reference, dockerfile, args, labels }: BuildRequest): string[] {
  return [
    ...['--tag', reference, '--file', dockerfile],
    ...pairs('--build-arg', args),
    ...pairs('--label', labels),
  ];
}

function buildKitArguments({ reference, platforms, cache }: BuildRequest): string[] {
  return [
    ...['--build-arg', `SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}`, '--progress', 'plain'],
    ...(platforms.length > 0 ? ['--platform', platforms.join(',')] : []),
    ...(cache === undefined ? [] : cacheArguments(cache, reference)),
  ];
}

/** BuildKit keeps one manifest an image, which names the layers of all its steps (mode=max). */
function cacheArguments(cache: string, reference: string): string[] {
  const image = /([^/:@]+)(?::[^/]*)?$/.exec(reference)?.[1] ?? 'image';
  const where = `type=registry,ref=${cache}:${image}`;
  return ['--cache-from', where, '--cache-to', `${where},mode=max`];
}
