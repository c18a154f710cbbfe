import { UserError } from '@berth/model';
import { AwsRefusal, explain } from './refusal';

const thrown = (name: string, message = '', more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });
const place = { region: 'eu-central-1' };

describe('what AWS refuses', () => {
  it.each([
    [
      'signed-out',
      thrown('CredentialsProviderError', 'Could not load credentials from any providers'),
      /aws sts get-caller-identity/,
    ],
    [
      'signed-out',
      thrown('ExpiredTokenException', 'The security token included in the request is expired'),
      /Sign in/,
    ],
    [
      'signed-out',
      thrown('UnrecognizedClientException', 'The security token included in the request is invalid.'),
      /Sign in/,
    ],
    [
      'forbidden',
      thrown(
        'AccessDeniedException',
        'User: arn:aws:iam::1:user/me is not authorized to perform: eks:CreateCluster on resource: arn:aws:eks:eu-central-1:1:cluster/prod',
      ),
      /The permission is eks:CreateCluster\./,
    ],
    [
      'quota',
      thrown('ResourceLimitExceededException', 'Cluster limit exceeded for account'),
      /servicequotas/,
    ],
    [
      'taken',
      thrown('ResourceInUseException', 'Cluster already exists with name: prod'),
      /same command again/,
    ],
    ['unreachable', thrown('Error', 'read ECONNRESET', { code: 'ECONNRESET' }), /makes nothing twice/],
    [
      'invalid',
      thrown('InvalidParameterException', 'The following supplied instance types do not exist'),
      /cluster\.json/,
    ],
  ])('is told as %s: %s', (kind, error, hint) => {
    const told = explain(error, place) as AwsRefusal;
    expect(told).toBeInstanceOf(AwsRefusal);
    expect(told.kind).toBe(kind);
    expect(told.hint).toMatch(hint);
    expect(told.message).toContain(error.message);
    expect(told.message).toContain('eu-central-1');
  });

  it('names the profile to sign in to', () => {
    const told = explain(thrown('CredentialsProviderError'), { ...place, profile: 'desk' }) as AwsRefusal;
    expect(told.hint).toContain('aws sso login --profile desk');
  });

  it('is left as it is when it is no refusal', () => {
    const bug = new TypeError('x is undefined');
    expect(explain(bug, place)).toBe(bug);
    const known = new UserError('said already');
    expect(explain(known, place)).toBe(known);
  });
});
