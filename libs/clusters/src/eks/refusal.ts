import { UserError } from '@berth/model';
import { CloudRefusal, goesOnWithOwn, makesNothingTwice } from '../cloud/refusal';
import type { AwsPlace } from './aws';

export type RefusalKind = 'signed-out' | 'forbidden' | 'quota' | 'taken' | 'invalid' | 'unreachable';

/** AWS has refused something, or did not answer. */
export class AwsRefusal extends CloudRefusal<RefusalKind> {
  override readonly name = 'AwsRefusal';
}

interface Sign {
  kind: RefusalKind;
  /** Of the error's name, or of its text. */
  sign: RegExp;
  message: string;
  hint: (said: string, place: AwsPlace) => string;
}

/** In order: the first that fits counts. */
const signs: readonly Sign[] = [
  {
    kind: 'signed-out',
    sign: /CredentialsProviderError|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|AuthFailure|InvalidAccessKeyId|token (?:included in the request )?is (?:invalid|expired)|Could not load credentials|could not be found in (?:shared )?credentials/i,
    message: 'Nobody is signed in to AWS, or the credentials are wrong or have expired.',
    hint: (_, { profile }) =>
      profile === undefined
        ? 'Sign in, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or write the "profile" of ~/.aws/config into cluster.json. See who you are: aws sts get-caller-identity'
        : `Sign in: aws sso login --profile ${profile}\nSee who you are: aws sts get-caller-identity --profile ${profile}`,
  },
  {
    kind: 'quota',
    sign: /ResourceLimitExceeded|LimitExceeded|VcpuLimitExceeded|quota|ServiceQuota|TooManyRequests|ThrottlingException/i,
    message: 'A quota of the account is used up.',
    hint: (_, { region }) =>
      `Ask for more, or take fewer or smaller nodes: https://${region}.console.aws.amazon.com/servicequotas/home`,
  },
  {
    kind: 'forbidden',
    sign: /AccessDenied|UnauthorizedOperation|not authorized to perform|Forbidden/i,
    message: 'Who is signed in may not do that.',
    hint: (said) => {
      const permission = /perform: ?([a-z0-9-]+:[A-Za-z]+)/.exec(said)?.[1];
      return `${permission ? `The permission is ${permission}. ` : ''}Who administers the account adds it to the policies of that user or role.`;
    },
  },
  {
    kind: 'taken',
    sign: /ResourceInUse|AlreadyExists/i,
    message: 'The name is taken.',
    hint: () => goesOnWithOwn,
  },
  {
    kind: 'unreachable',
    sign: /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|TimeoutError|NetworkingError|socket hang up|ServiceUnavailable|InternalFailure|InternalServer|aborted/i,
    message: 'AWS did not answer, or the connection broke.',
    hint: () => makesNothingTwice,
  },
  {
    kind: 'invalid',
    sign: /InvalidParameter|InvalidRequest|ValidationError|UnsupportedAvailabilityZone|ClientException|InvalidSubnet/i,
    message: 'AWS does not take that.',
    hint: () => 'Change what it names in cluster.json.',
  },
];

/** An error of the SDK as a person's; any other as it is. */
export function explain(error: unknown, place: AwsPlace): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const text = `${error.name} ${code} ${error.message}`;
  const found = signs.find(({ sign }) => sign.test(text));
  if (!found) return error;
  const said = error.message === '' ? `${error.name} ${code}`.trim() : error.message;
  return new AwsRefusal(
    found.kind,
    `${found.message}\n  ${said} (${error.name}, region ${place.region})`,
    found.hint(error.message, place),
    { cause: error },
  );
}

export function isPassing(error: unknown): boolean {
  return error instanceof AwsRefusal && error.kind === 'unreachable';
}
