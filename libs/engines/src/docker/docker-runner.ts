import { ProgramError, type Completed, type RunOptions, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { registrySigns, type Sign } from '../registry-signs';

/** What to type when the daemon does not answer. */
export const START_DOCKER =
  'See what its daemon says: docker info\nnpm start (brings up the local cluster with its image engine), or: systemctl start docker; then run the same command again.';

const FULL = /no space left on device/i;

/** What the docker client prints of faults that are not the Dockerfile's, and what to type then. */
const SIGNS: readonly Sign[] = [
  [
    /permission denied while trying to connect to the Docker daemon/i,
    'Only root and the group docker may use it: sudo usermod -aG docker "$USER", then log in anew.',
  ],
  [
    FULL,
    "The disk of docker's images is full: df -h \"$(docker info --format '{{.DockerRootDir}}')\"\nSee what fills it: docker system df; free some of it (docker system prune), then run the same command again.",
  ],
  ...registrySigns(
    'docker',
    'Docker speaks plain http to registries on this machine only: see "insecure-registries" of its daemon.json.',
  ),
];

const DAEMON_GONE =
  /Cannot connect to the Docker daemon|error during connect|Is the docker daemon running|unexpected EOF|: EOF$|docker\.sock: connect|transport is closing/im;

/** The docker client, with the next thing to type where it failed for reasons that are not the Dockerfile's. */
export class DockerRunner implements Runner {
  constructor(private readonly runner: Runner) {}

  async run(argv: readonly string[], options?: RunOptions): Promise<Completed> {
    try {
      return await this.runner.run(argv, options);
    } catch (error) {
      const hint = error instanceof ProgramError && argv[0] === 'docker' ? dockerHint(error) : undefined;
      if (hint === undefined) throw error;
      throw new UserError((error as ProgramError).message, hint, { cause: error });
    }
  }
}

function dockerHint({ failure, stdout, stderr }: ProgramError): string | undefined {
  if (failure.kind === 'timeout') return START_DOCKER;
  if (failure.kind !== 'exit') return undefined;
  const said = [...stdout.split('\n').slice(-3), stderr].join('\n');
  // A program of the Dockerfile failed: what it says of connections is about its own.
  if (/returned a non-zero code|did not complete successfully/.test(said)) {
    return SIGNS.find(([sign]) => sign === FULL && sign.test(said))?.[1];
  }
  return SIGNS.find(([sign]) => sign.test(said))?.[1] ?? (DAEMON_GONE.test(said) ? START_DOCKER : undefined);
}
