import { UserError, type EcsSettings } from '@berth/model';

/** What AWS answers when it does not do what it was asked. */
export class AwsError extends UserError {
  override readonly name = 'AwsError';
  constructor(
    message: string,
    /** AWS' own name of the error, for example `ParameterNotFound`. */
    readonly code: string,
    /** AWS' own words. */
    readonly said: string,
    hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, hint, options);
  }
}

/** Whether AWS has answered with one of these errors, by their names. */
export function isAwsError(error: unknown, ...codes: string[]): error is AwsError {
  return error instanceof AwsError && codes.includes(error.code);
}

/** What was asked of which part of AWS, for example `PutParameter` of `SSM`. */
export interface Asked {
  service: string;
  operation: string;
}

const credentials =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|InvalidToken|UnrecognizedClientException|InvalidAccessKeyId|AuthFailure|SignatureDoesNotMatch|InvalidSignature(Exception)?|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|SSOTokenProviderFailure)$/;
const permission = /^(AccessDenied(Exception)?|UnauthorizedOperation|Client\.UnauthorizedOperation)$/;
const quota =
  /^(LimitExceeded(Exception)?|.*LimitExceeded(Exception|Fault)?|ServiceQuotaExceeded(Exception)?|.*QuotaExceeded.*)$/;
const throttling =
  /^(Throttling(Exception)?|TooManyRequestsException|RequestLimitExceeded|ThrottledException)$/;
const network =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|TimeoutError|NetworkingError)\b/;

/** An error of the SDK in words: what is wrong, and what to type next. A bug stays as it is. */
export function explained(error: unknown, asked: Asked, settings: EcsSettings): unknown {
  if (!(error instanceof Error) || error instanceof UserError || error.name === 'AbortError') return error;
  const code = codeOf(error);
  const isAnswer = '$metadata' in error && '$fault' in error;
  const told = (message: string, hint?: string) =>
    new AwsError(message, code, error.message, hint, { cause: error });
  const { service, operation } = asked;
  if (credentials.test(code)) return told(...ofCredentials(error.message, settings));
  if (permission.test(code)) return told(...ofPermission(error.message, asked, settings));
  // Before quotas: some of these names end like them.
  if (throttling.test(code))
    return told(
      `AWS takes no more requests for now: ${service} ${operation} was refused each time it was tried (${error.message}).`,
      'Wait a minute, then run the same command again: it goes on where this one stopped.',
    );
  if (quota.test(code))
    return told(
      `A quota of AWS is reached: ${error.message}`,
      `aws service-quotas list-service-quotas --service-code ${service.toLowerCase()} ${named(settings)} shows them, and request-service-quota-increase raises one.`,
    );
  if (network.test(code))
    return told(
      `AWS does not answer in ${settings.region}: ${service} ${operation} failed, ${error.message}.`,
      'See to the network, then run the same command again: it goes on where this one stopped.',
    );
  return isAnswer ? told(`AWS refuses ${service} ${operation}: ${error.message} (${code})`) : error;
}

/** The account's options for a command of the AWS CLI. */
export function named({ region, profile }: Pick<EcsSettings, 'region' | 'profile'>): string {
  return `--region ${region}${profile ? ` --profile ${profile}` : ''}`;
}

/** Of a network error the system's own name, which may stand in its message alone; of an answer AWS'. */
function codeOf(error: Error): string {
  if ('$metadata' in error && '$fault' in error) return error.name;
  const { code } = error as { code?: unknown };
  const texts = [typeof code === 'string' ? code : '', error.name, error.message];
  return texts.flatMap((text) => network.exec(text)?.[1] ?? [])[0] ?? error.name;
}

function ofCredentials(said: string, { profile }: EcsSettings): [string, string] {
  return profile
    ? [`AWS takes no credentials of the profile ${profile}: ${said}`, `aws sso login --profile ${profile}`]
    : [
        `AWS takes no credentials of this process: ${said}`,
        'Give it new ones, as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN or by the role of the pipeline; or name a profile in cluster.json at ecs.profile.',
      ];
}

function ofPermission(
  said: string,
  { service, operation }: Asked,
  { profile }: EcsSettings,
): [string, string] {
  const [, action = `${service.toLowerCase()}:${operation}`, resource] =
    /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)(?: on resource:? (\S+))?/.exec(said) ?? [];
  const [, who] = /^(?:User|Principal): (\S+) is not/.exec(said) ?? [];
  return [
    `The permission ${action} is missing${resource ? ` on ${resource}` : ''}${who ? ` for ${who}` : ''}.`,
    `Give it to ${profile ? `the role of the profile ${profile}` : 'the role of this process'}; docs/guide/ecs.md lists all that Berth needs.`,
  ];
}
