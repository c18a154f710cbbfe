import { ProgramError, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import type { Credentials } from './credentials';

/** What a helper says that has no login for a server (github.com/docker/docker-credential-helpers). */
const NONE = 'credentials not found in native keychain';

/** Milliseconds: some helpers ask a cloud's API, or wait until a person opens the keychain. */
const LONGEST_MS = 60_000;

/** Helpers that come in a package of another name, and what to type to get them. */
const SOURCES: Readonly<Record<string, string>> = {
  'docker-credential-ecr-login': 'apt-get install -y --no-install-recommends amazon-ecr-credential-helper',
  'docker-credential-pass':
    'apt-get install -y --no-install-recommends golang-docker-credential-helpers pass',
  'docker-credential-secretservice':
    'apt-get install -y --no-install-recommends golang-docker-credential-helpers',
  'docker-credential-gcloud': 'Install the Google Cloud CLI: https://cloud.google.com/sdk/docs/install',
};

export interface CredentialHelper {
  /** For example `docker-credential-gcloud`. */
  program: string;
  /** The file that names it, for messages. */
  namedBy: string;
}

/**
 * Asks a credential helper for the login of one server, by docker's protocol: `get`, the server on the standard
 * input, JSON on the standard output.
 * @returns undefined when the helper has none
 * @throws UserError when it is not there, fails, or answers something else
 */
export async function askHelper(
  { program, namedBy }: CredentialHelper,
  server: string,
  runner: Runner,
): Promise<Credentials | undefined> {
  const failed = (why: string, hint: string, cause?: unknown) =>
    new UserError(`${program}, which ${namedBy} names for ${server}, gave no login: ${why}.`, hint, {
      cause,
    });
  const seeIt = `See what it says: echo ${server} | ${program} get`;
  let answer: string;
  try {
    answer = (await runner.run([program, 'get'], { input: server, timeoutMs: LONGEST_MS })).stdout;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const { failure, stdout, stderr } = error;
    if (failure.kind === 'exit' && stdout.trim() === NONE) return undefined;
    if (failure.kind !== 'not-found')
      throw failed(whyOf(error, stdout.trim() || stderr.trim()), seeIt, error);
    throw failed(
      'it is not installed, or not in PATH',
      `${SOURCES[program] ?? 'Install it.'}\nOr take its name out of ${namedBy}, and: docker login ${server}`,
      error,
    );
  }
  const login = parsedLogin(answer);
  // What it printed may be a password, and stays out of the message.
  if (!login) throw failed('it printed no JSON with Username and Secret', seeIt);
  if (login.Username === '') return undefined;
  return login.Username === '<token>'
    ? { identityToken: login.Secret }
    : { user: login.Username, password: login.Secret };
}

/** By the protocol, a helper that fails says why on its standard output. */
function whyOf({ failure }: ProgramError, said: string): string {
  switch (failure.kind) {
    case 'exit':
      return `it exited with code ${failure.exitCode}${said && `: ${said}`}`;
    case 'timeout':
      return `it did not answer within ${failure.milliseconds / 1000} s`;
    case 'not-started':
      return `it could not be started: ${failure.reason}`;
    default:
      return `it was ended (${failure.kind})`;
  }
}

function parsedLogin(text: string): { Username: string; Secret: string } | undefined {
  try {
    const { Username, Secret } = JSON.parse(text) as Record<string, unknown>;
    return typeof Username === 'string' && typeof Secret === 'string' ? { Username, Secret } : undefined;
  } catch {
    return undefined;
  }
}
