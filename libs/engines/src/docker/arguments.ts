import type { StartOptions } from '../engine';
import type { BuildRequest } from '../request';

/** Seconds since 1970; 1 January 1980, the earliest date that every archive format can hold. */
const SOURCE_DATE_EPOCH = '315532800';

export function buildArguments(request: BuildRequest, { buildKit }: { buildKit: boolean }): string[] {
  const { reference, context, dockerfile, args, platforms, labels } = request;
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
    // Containers of failed steps would stay behind.
    ...(buildKit ? [] : ['--force-rm']),
    context,
  ];
}

export function runArguments(
  image: string,
  options: StartOptions,
  { detached, idFile }: { detached: boolean; idFile?: string },
): string[] {
  const { env, command, user, readOnly, restricted, writable, mounts, workingDirectory } = options;
  const [program, ...rest] = command ?? [];
  return [
    'docker',
    'run',
    detached ? '--detach' : '--rm',
    ...(idFile ? ['--cidfile', idFile] : []),
    // Signals reach the program, and its orphans are reaped.
    ...(detached ? [] : ['--init']),
    ...pairs('--env', env ?? {}),
    ...(user ? ['--user', user] : []),
    ...(readOnly ? ['--read-only'] : []),
    ...(restricted ? ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'] : []),
    // Programs may be run from it, as from an emptyDir of Kubernetes.
    ...(writable ?? []).flatMap((path) => ['--tmpfs', `${path}:rw,exec,mode=1777`]),
    ...(mounts ?? []).flatMap((mount) => [
      '--mount',
      [
        'type=bind',
        csvField(`source=${mount.source}`),
        csvField(`target=${mount.target}`),
        ...(mount.readOnly ? ['readonly'] : []),
      ].join(','),
    ]),
    ...(workingDirectory ? ['--workdir', workingDirectory] : []),
    ...(program ? ['--entrypoint', program] : []),
    image,
    ...rest,
  ];
}

function pairs(option: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => [option, `${name}=${value}`]);
}

/** docker reads the value of --mount as a line of CSV (RFC 4180). */
function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
