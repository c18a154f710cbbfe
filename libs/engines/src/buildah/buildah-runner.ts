import { ProgramError, type Completed, type RunOptions, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { registrySigns, type Sign } from '../registry-signs';
import type { BuildahProgram } from './arguments';

const FULL = /no space left on device|disk quota exceeded/i;
const FOREIGN = /exec format error/i;

/** What podman and buildah print of faults that are not the Dockerfile's, and what to type then. */
const signs = (program: BuildahProgram): readonly Sign[] => [
  [
    FULL,
    program === 'podman'
      ? "The disk of podman's images is full: df -h \"$(podman info --format '{{.Store.GraphRoot}}')\"\nSee what fills it: podman system df; free some of it (podman system prune), then run the same command again."
      : 'The disk of buildah\'s images is full; its folder is "GraphRoot" of: buildah info\nSee what fills it: buildah images --all; free some of it (buildah rmi --prune), then run the same command again.',
  ],
  [
    FOREIGN,
    'A program of another platform needs an emulator: apt-get install -y --no-install-recommends qemu-user-static binfmt-support',
  ],
  [
    /cgroups in hybrid mode not supported/i,
    'crun cannot use the cgroups of this machine. Write runtime = "runc" below [engine] in /etc/containers/containers.conf, or build without it: export BUILDAH_ISOLATION=chroot',
  ],
  [
    /newuidmap|subuid|cannot set up namespace|cannot clone|user namespaces are not enabled|insufficient UIDs or GIDs/i,
    `Without root, ${program} needs ranges of user ids: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "$USER"; sudo apt-get install -y --no-install-recommends uidmap`,
  ],
  [
    /permission denied|operation not permitted/i,
    `See whose the folders in the message are; the images of root and of each other user are apart: ${program} info`,
  ],
  ...registrySigns(
    program,
    `${program} speaks plain http to registries on this machine, and to those that "insecureRegistries" of @berth/nx in nx.json names.`,
  ),
];

/** podman or buildah, with the next thing to type where it failed for reasons that are not the Dockerfile's. */
export class BuildahRunner implements Runner {
  constructor(
    private readonly program: BuildahProgram,
    private readonly runner: Runner,
  ) {}

  async run(argv: readonly string[], options?: RunOptions): Promise<Completed> {
    try {
      return await this.runner.run(argv, options);
    } catch (error) {
      const hint = error instanceof ProgramError && argv[0] === this.program ? this.#hint(error) : undefined;
      if (hint === undefined) throw error;
      throw new UserError((error as ProgramError).message, hint, { cause: error });
    }
  }

  #hint({ failure, stdout, stderr }: ProgramError): string | undefined {
    if (failure.kind !== 'exit') return undefined;
    const said = [...stdout.split('\n').slice(-3), stderr].join('\n');
    // A program of the Dockerfile failed: what it says of connections and rights is about its own.
    const ofDockerfile = /while running runtime: exit status|exit status \d+\s*$/.test(stderr);
    return signs(this.program).find(
      ([sign]) => (!ofDockerfile || sign === FULL || sign === FOREIGN) && sign.test(said),
    )?.[1];
  }
}
