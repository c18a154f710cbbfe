import type { ProgramError } from '@berth/exec';
import type { UserError } from '@berth/model';
import { CloudRefusal, goesOnWithOwn, makesNothingTwice } from '../cloud/refusal';

/** On whose behalf gcloud is asked. */
export interface Account {
  project: string;
}

export type RefusalKind =
  'signed-out' | 'forbidden' | 'disabled' | 'quota' | 'taken' | 'absent' | 'invalid' | 'unreachable';

/** Google Cloud, or gcloud before it asked, has refused something. */
export class GcloudRefusal extends CloudRefusal<RefusalKind> {
  override readonly name = 'GcloudRefusal';
}

interface Sign {
  kind: RefusalKind;
  sign: RegExp;
  /** The sentence before Google's own words. */
  message: string;
  /** @param stderr all that gcloud printed */
  hint: (stderr: string, account: Account, signIn: string) => string;
}

/** In order: the first that fits counts. The texts are gcloud's own and those that the APIs answer with. */
const signs: readonly Sign[] = [
  {
    kind: 'signed-out',
    sign: /do(?:es)? not (?:currently )?have an? (?:active|valid) (?:account|credentials)|You do not currently have an active account|reauthentication|invalid_grant|refreshing your current auth tokens|code=401|UNAUTHENTICATED|invalid authentication credentials|token (?:has )?expired|Unable to load credentials|credential file.*(?:not|invalid)/i,
    message: 'Nobody is signed in to Google Cloud, or the credentials are wrong or have expired.',
    hint: (_, { project }, signIn) =>
      `Sign in, then run the same command again: ${signIn}\nIn a pipeline GOOGLE_APPLICATION_CREDENTIALS names the key of a service account of ${project}, or the configuration of workload identity federation.`,
  },
  {
    kind: 'disabled',
    sign: /SERVICE_DISABLED|API \[?([a-z.]+googleapis\.com)\]? not enabled|has not been used in project|it is disabled/i,
    message: 'An API of Google Cloud is not enabled in the project.',
    hint: (_, { project }) =>
      `gcloud services enable container.googleapis.com compute.googleapis.com --project ${project}`,
  },
  {
    kind: 'quota',
    sign: /Insufficient (?:regional )?quota[^\n]*|Quota[^\n]*exceeded[^\n]*|GCE_QUOTA_EXCEEDED|RESOURCE_EXHAUSTED|code=429/i,
    message: 'A quota of the project is used up.',
    hint: (_, { project }) =>
      `Ask for more, or take fewer or smaller nodes: https://console.cloud.google.com/iam-admin/quotas?project=${project}`,
  },
  {
    kind: 'forbidden',
    sign: /code=403|PERMISSION_DENIED|Required ['"][\w.]+['"] permission|does not have permission|or it may not exist/i,
    message: 'Who is signed in may not do that.',
    hint: (stderr, { project }) => {
      const permission = permissionIn(stderr);
      const role = permission?.startsWith('artifactregistry.')
        ? 'roles/artifactregistry.admin'
        : permission?.startsWith('serviceusage.')
          ? 'roles/serviceusage.serviceUsageAdmin'
          : permission?.startsWith('compute.')
            ? 'roles/compute.admin'
            : 'roles/container.admin';
      return `${permission ? `The permission is ${permission}. ` : ''}Who owns the project gives it, for example: gcloud projects add-iam-policy-binding ${project} --member=user:YOU --role=${role}`;
    },
  },
  {
    kind: 'taken',
    sign: /ALREADY_EXISTS|Already exists[^\n]*|code=409/i,
    message: 'The name is taken.',
    hint: () => goesOnWithOwn,
  },
  {
    kind: 'absent',
    sign: /code=404|NOT_FOUND|was not found|Not found:/i,
    message: 'Google Cloud does not have that.',
    hint: (_, { project }) =>
      `See that the names are right, and that the project ${project} is the one: gcloud projects list`,
  },
  {
    kind: 'invalid',
    sign: /code=400|INVALID_ARGUMENT|Invalid value/i,
    message: 'Google Cloud does not take that.',
    hint: () => 'Change what it names in cluster.json.',
  },
  {
    kind: 'unreachable',
    sign: /ConnectionError|Connection (?:reset|refused|aborted)|Remote end closed|Max retries exceeded|ServerNotFoundError|Unable to find the server|Failed to resolve|Network is unreachable|timed out|code=50\d|UNAVAILABLE|ProtocolError|IncompleteRead/i,
    message: 'Google Cloud did not answer, or the connection broke.',
    hint: () => makesNothingTwice,
  },
];

/** What gcloud printed as a person's error; as it is, when it is of no known kind. */
export function explain(error: ProgramError, account: Account, signIn: string): UserError {
  if (error.failure.kind !== 'exit') return error;
  const said = wordsOf(error.stderr);
  for (const { kind, sign, message, hint } of signs) {
    if (!sign.test(error.stderr)) continue;
    return new GcloudRefusal(kind, `${message}\n  ${said}`, hint(error.stderr, account, signIn), {
      cause: error,
    });
  }
  return error;
}

/** For example `container.clusters.create`. */
function permissionIn(stderr: string): string | undefined {
  return /['"]?\b([a-z]+\.[a-zA-Z]+\.[a-zA-Z]+)\b['"]? permission|permission ['"]?([a-z]+\.[a-zA-Z]+\.[a-zA-Z]+)/i
    .exec(stderr)
    ?.slice(1)
    .find((name) => name !== undefined);
}

/** gcloud's own words: its error, without notes, stack or advice on gcloud itself. */
function wordsOf(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const first = lines.findIndex((line) => line.startsWith('ERROR:'));
  const end = lines.findIndex((line, index) => index > first && line.startsWith('If you would like'));
  const error = lines.slice(Math.max(first, 0), end < 0 ? undefined : end).filter((line) => line !== '');
  return error
    .slice(0, 6)
    .join('\n  ')
    .replace(/ ?This command is authenticated [^\n]*/, '');
}
