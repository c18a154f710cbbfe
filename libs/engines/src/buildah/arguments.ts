import type { BuildRequest } from '../request';
import { pairs } from '../run-arguments';
import { SOURCE_DATE_EPOCH } from '../source-date';
import type { Base } from './base';

/** podman builds with buildah's own code, so both take the same options. */
export type BuildahProgram = 'podman' | 'buildah';

/** @param text of the Dockerfile */
export function buildArguments(
  program: BuildahProgram,
  request: BuildRequest,
  text: string,
  base: Base | undefined,
): string[] {
  const { reference, context, dockerfile, args, platforms, labels, cache } = request;
  const hasShell = /^\s*SHELL\s/im.test(text);
  return [
    program,
    'build',
    ...(isIndex(request) ? ['--manifest', reference] : ['--tag', reference]),
    '--file',
    dockerfile,
    ...pairs('--build-arg', args),
    ...pairs('--label', labels),
    ...(platforms.length > 0 ? ['--platform', platforms.join(',')] : []),
    // The OCI format has no SHELL; docker's has the name of the container that it was built in, another each time.
    ...['--format', hasShell ? 'docker' : 'oci'],
    // Else it is looked up, and while another build pulls the same base, that of its manifest on this machine is found.
    ...(base === undefined ? [] : ['--annotation', `org.opencontainers.image.base.digest=${base.digest}`]),
    // Of the image and of every file that a step writes. The label would name the version of buildah.
    ...['--timestamp', SOURCE_DATE_EPOCH, '--identity-label=false'],
    // A layer FROM scratch would be taken for that of another platform too (buildah 1.28).
    `--layers=${platforms.length === 0}`,
    ...(cache === undefined ? [] : ['--cache-from', cache, '--cache-to', cache]),
    // A base that the store has is taken from there: bases are named by digest or were just built.
    '--pull=false',
    // A network of its own would leave chains and namespaces behind on this machine (ADR 12).
    ...['--network', 'host'],
    '--force-rm',
    context,
  ];
}

/** Whether the result is an index of images, and no image. */
export function isIndex({ platforms }: Pick<BuildRequest, 'platforms'>): boolean {
  return platforms.length > 1;
}
