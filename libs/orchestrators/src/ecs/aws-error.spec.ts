import { UserError, type EcsSettings } from '@berth/model';
import { AwsError, explained } from './aws-error';
import { testAccount } from './testing-models';

const { credentials: _, ...bare } = testAccount().ecs as EcsSettings;
const settings: EcsSettings = { ...bare, profile: 'desk' };
const asked = { service: 'SSM', operation: 'PutParameter' };

function answer(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: {}, $fault: 'client' });
}
const told = (error: Error, of: EcsSettings = settings) => {
  const { message, hint } = explained(error, asked, of) as UserError;
  return `${message}\n${hint}`;
};

it.each([
  ['ExpiredTokenException', 'The security token included in the request is expired'],
  ['InvalidClientTokenId', 'The security token included in the request is invalid'],
  ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
])('names the profile and how to log in for %s', (name, message) => {
  expect(told(answer(name, message))).toBe(
    `AWS takes no credentials of the profile desk: ${message}\naws sso login --profile desk`,
  );
});

it('knows credentials that are missing, which AWS was never asked about', () => {
  const error = Object.assign(new Error('Could not load credentials from any providers'), {
    name: 'CredentialsProviderError',
  });
  expect(told(error)).toContain('aws sso login --profile desk');
  const { profile: __, ...rest } = settings;
  expect(told(error, { ...rest, credentials: 'environment' })).toMatch(
    /AWS takes no credentials of this process: .*\nGive it new ones, as AWS_ACCESS_KEY_ID/,
  );
});

it('names the permission that is missing, and for whom', () => {
  const said =
    'User: arn:aws:sts::123456789012:assumed-role/dev/ana is not authorized to perform: ssm:PutParameter on resource: arn:aws:ssm:eu-west-1:123456789012:parameter/berth/staging/lease because no identity-based policy allows the ssm:PutParameter action';
  expect(told(answer('AccessDeniedException', said))).toBe(
    'The permission ssm:PutParameter is missing on arn:aws:ssm:eu-west-1:123456789012:parameter/berth/staging/lease for arn:aws:sts::123456789012:assumed-role/dev/ana.\nGive it to the role of the profile desk; docs/guide/ecs.md lists all that Berth needs.',
  );
  expect(
    told(answer('UnauthorizedOperation', 'You are not authorized to perform this operation.')),
  ).toContain('The permission ssm:PutParameter is missing.');
});

it('tells a quota from too many requests', () => {
  expect(told(answer('ParameterLimitExceeded', 'You have 10000 parameters'))).toMatch(
    /^A quota of AWS is reached: You have 10000 parameters\naws service-quotas .*--service-code ssm --region eu-west-1 --profile desk/,
  );
  expect(told(answer('ThrottlingException', 'Rate exceeded'))).toMatch(
    /^AWS takes no more requests for now: SSM PutParameter .*Rate exceeded/,
  );
  expect(told(answer('RequestLimitExceeded', 'Request limit exceeded.'))).toMatch(
    /^AWS takes no more requests/,
  );
});

it('says that AWS does not answer', () => {
  const error = Object.assign(new Error('getaddrinfo ENOTFOUND ssm.eu-west-1.amazonaws.com'), {
    code: 'ENOTFOUND',
  });
  expect(told(error)).toMatch(/^AWS does not answer in eu-west-1: .*\nSee to the network/);
});

it('keeps what AWS says of anything else, with its name', () => {
  const error = explained(answer('ValidationException', 'Bad name'), asked, settings) as AwsError;
  expect(error.message).toBe('AWS refuses SSM PutParameter: Bad name (ValidationException)');
  expect([error.code, error.said]).toEqual(['ValidationException', 'Bad name']);
});

it('leaves a bug and an interruption as they are', () => {
  const bug = new TypeError('x is undefined');
  expect(explained(bug, asked, settings)).toBe(bug);
  const stop = Object.assign(new Error('aborted'), { name: 'AbortError' });
  expect(explained(stop, asked, settings)).toBe(stop);
});
