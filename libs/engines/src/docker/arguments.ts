import type { BuildRequest } from '../request';
import { pairs } from '../run-arguments';
import { SOURCE_DATE_EPOCH } from '../source-date';

export function buildArguments(request: BuildRequest, { buildKit }: { buildKit: boolean }): string[] {
  const { reference, context, dockerfile, args, platforms, labels, cache } = request;
  return [
    'docker',
    'build',
    '--tag',
    reference,
    '--file',
    dockerfile,
    ...pairs('--build-arg', args),
    // The builder in dockerd does not know it, and would warn of an argument that no ARG takes.
    ...(buildKit ? ['--build-arg', `SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}`, '--progress', 'plain'] : []),
    ...pairs('--label', labels),
    ...(platforms.length > 0 ? ['--platform', platforms.join(',')] : []),
    ...(cache === undefined ? [] : cacheArguments(cache, reference)),
    // Containers of failed steps would stay behind.
    ...(buildKit ? [] : ['--force-rm']),
    context,
  ];
}

/** BuildKit keeps one manifest an image, which names the layers of all its steps (mode=max). */
function cacheArguments(cache: string, reference: string): string[] {
  const image = /([^/:@]+)(?::[^/]*)?$/.exec(reference)?.[1] ?? 'image';
  const where = `type=registry,ref=${cache}:${image}`;
  return ['--cache-from', where, '--cache-to', `${where},mode=max`];
}
