import type { StartOptions } from './engine';

export interface RunMode {
  program: 'docker' | 'podman';
  detached: boolean;
  /** File that gets the container's id. */
  idFile?: string;
  /** Options that only this program has. */
  own?: readonly string[];
}

/** `docker run` and `podman run`. */
export function runArguments(
  image: string,
  options: StartOptions,
  { program, detached, idFile, own = [] }: RunMode,
): string[] {
  const { env, command, user, readOnly, restricted, writable, mounts, workingDirectory } = options;
  const [entryPoint, ...rest] = command ?? [];
  // podman would copy what the image has there into it, which an emptyDir of Kubernetes does not.
  const empty = program === 'podman' ? ',notmpcopyup' : '';
  return [
    program,
    'run',
    detached ? '--detach' : '--rm',
    ...(idFile ? ['--cidfile', idFile] : []),
    ...own,
    ...pairs('--env', env ?? {}),
    ...(user ? ['--user', user] : []),
    ...(readOnly ? ['--read-only'] : []),
    ...(restricted ? ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'] : []),
    // Programs may be run from it, as from an emptyDir of Kubernetes.
    ...(writable ?? []).flatMap((path) => ['--tmpfs', `${path}:rw,exec,mode=1777${empty}`]),
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
    ...(entryPoint ? ['--entrypoint', entryPoint] : []),
    image,
    ...rest,
  ];
}

/** An option for each field, in the order of their names. */
export function pairs(option: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => [option, `${name}=${value}`]);
}

/** The value of --mount is read as a line of CSV (RFC 4180). */
function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
