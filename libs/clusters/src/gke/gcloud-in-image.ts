import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProgramError, quoteArgv, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { GCLOUD_DOCKERFILE, gcloudDockerfile } from './dockerfile';
import { QUIET_SETTINGS, type Command, type GcloudTool } from './tool';

export interface ImagePlaces {
  /** Absolute path of the workspace. */
  workspace: string;
  /** The folder of Berth's own sign-ins to Google Cloud; only its owner may read it. */
  credentials: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Who the container's programs run as, `uid:gid`: so that the files in `credentials` are the person's own. */
  user: string;
}

/** Where the folder of credentials is in the container. */
const HOME = '/gcloud';

/** gcloud in a container of the image of docker/gcloud, which is built where the engine does not have it. */
export class GcloudInImage implements GcloudTool {
  readonly #dockerfile: string;
  readonly #image: string;
  #ready: Promise<void> | undefined;

  constructor(
    private readonly runner: Runner,
    private readonly places: ImagePlaces,
  ) {
    const file = join(places.workspace, GCLOUD_DOCKERFILE);
    this.#dockerfile = existsSync(file) ? readFileSync(file, 'utf8') : gcloudDockerfile();
    const hash = createHash('sha256').update(this.#dockerfile).digest('hex').slice(0, 12);
    this.#image = `berth/gcloud:${hash}`;
  }

  get signIn(): string {
    const login = ['gcloud', 'auth', 'login', '--no-launch-browser'];
    return quoteArgv(this.#run(['--interactive', '--tty'], login));
  }

  get authPlugin(): Command {
    const [command = '', ...args] = this.#run(['--interactive'], ['gke-gcloud-auth-plugin']);
    return { command, args };
  }

  argv(args: readonly string[]): string[] {
    return this.#run([], ['gcloud', ...args, '--quiet']);
  }

  prepare(notice: (line: string) => void): Promise<void> {
    this.#ready ??= this.#prepare(notice);
    return this.#ready;
  }

  async #prepare(notice: (line: string) => void): Promise<void> {
    const { credentials } = this.places;
    mkdirSync(credentials, { recursive: true, mode: 0o700 });
    chmodSync(credentials, 0o700);
    const found = await this.runner.run(['docker', 'image', 'inspect', '--format', '{{.Id}}', this.#image], {
      expect: [0, 1],
    });
    if (found.exitCode === 0) return;
    notice(`Building ${this.#image}, which gcloud runs in, from ${GCLOUD_DOCKERFILE}`);
    // Nothing of the folder gets in but the Dockerfile.
    try {
      await this.runner.run(['docker', 'build', '--tag', this.#image, '-'], { input: this.#dockerfile });
    } catch (error) {
      if (!(error instanceof ProgramError) || error.failure.kind === 'aborted') throw error;
      const hints = [error.hint, 'Or take the gcloud of this machine: "gcloud": "path" in cluster.json.'];
      throw new UserError(
        `The image that gcloud runs in cannot be built. ${error.message}`,
        hints.filter((hint) => hint !== undefined).join('\n'),
        { cause: error },
      );
    }
  }

  #run(flags: readonly string[], program: readonly string[]): string[] {
    const { credentials, user, env } = this.places;
    const settings = { HOME, CLOUDSDK_CONFIG: HOME, ...QUIET_SETTINGS };
    const file = env['GOOGLE_APPLICATION_CREDENTIALS'];
    const key = file === undefined ? {} : { CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: file };
    const mounted = [file, file && tokenFile(file)].filter((path) => path !== undefined && path !== '');
    return [
      ...['docker', 'run', '--rm', ...flags, '--network', 'host', '--user', user],
      ...['--volume', `${credentials}:${HOME}`],
      ...mounted.flatMap((path) => ['--volume', `${path}:${path}:ro`]),
      ...Object.entries({ ...settings, ...key }).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...Object.keys(env)
        .filter((name) => name.startsWith('CLOUDSDK_') && !(name in settings))
        .sort()
        // Without a value: docker takes it from its own environment, and it is in no list of processes.
        .flatMap((name) => ['--env', name]),
      this.#image,
      ...program,
    ];
  }
}

/**
 * The folder of the token that workload identity federation reads, when the file is a configuration of that.
 * The token is replaced while a pipeline runs, so its folder is mounted and not the file.
 */
function tokenFile(file: string): string | undefined {
  try {
    const { credential_source: source } = JSON.parse(readFileSync(file, 'utf8')) as {
      credential_source?: { file?: string };
    };
    return source?.file === undefined ? undefined : dirname(source.file);
  } catch {
    // gcloud says what is wrong with the file.
    return undefined;
  }
}
