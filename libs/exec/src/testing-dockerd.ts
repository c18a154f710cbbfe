import { dirname, join } from 'node:path';
import { goProgram } from './go-program';

/** Pinned in go.mod and go.sum: the source of Docker 29.8, and the containerd that it was made with. */
const DOCKERD_VERSION = 'v2.0.0-beta.24';
const CONTAINERD_VERSION = 'v2.3.5';

const moby = 'github.com/moby/moby/v2';
const containerd = 'github.com/containerd/containerd/v2';

const programs = [
  {
    source: `${moby}/cmd/dockerd`,
    version: DOCKERD_VERSION,
    // As its own build names a version that is tagged like this.
    ldflags: [`-X ${moby}/dockerversion.Version=${DOCKERD_VERSION.slice(1)}`],
  },
  { source: `${moby}/cmd/docker-proxy`, version: DOCKERD_VERSION },
  {
    source: `${containerd}/cmd/containerd`,
    version: CONTAINERD_VERSION,
    ldflags: [`-X ${containerd}/version.Version=${CONTAINERD_VERSION}`],
  },
  { source: `${containerd}/cmd/containerd-shim-runc-v2`, version: CONTAINERD_VERSION },
];

/** What a test starts its dockerd with. */
export interface DockerdOptions {
  /** The environment for what starts dockerd and containerd. */
  env: Record<string, string>;
  /** For the file daemon.json. */
  settings: object;
}

/**
 * For tests that start a dockerd of their own, by BERTH_TEST_DOCKERD: `current` is one that is built of its Go module, with
 * its containerd, which takes minutes the first time; anything else is a folder with these programs; without it they are
 * the machine's.
 */
export async function dockerdOptions(
  asked: string | undefined = process.env['BERTH_TEST_DOCKERD'],
): Promise<DockerdOptions> {
  if (asked === undefined || asked === '') return { env: {}, settings: {} };
  const folders: string[] = [];
  if (asked !== 'current') folders.push(asked);
  else
    for (const { source, ...program } of programs) {
      const name = source.slice(source.lastIndexOf('/') + 1);
      const module = join(__dirname, 'modules/dockerd');
      folders.push(dirname(await goProgram({ name, module, source, ...program })));
    }
  return {
    env: { PATH: [...folders, process.env['PATH']].join(':') },
    // runc is the machine's, and that of Debian 12 (1.1) has none.
    settings: { features: { 'time-namespaces': false } },
  };
}
