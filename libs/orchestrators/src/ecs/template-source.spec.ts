import type { Aws } from './aws';
import { AwsError } from './aws-error';
import { withTemplate, type TemplateSource } from './template-source';
import { settingsOf } from './testing-moto';
import { testAccount } from './testing-models';

const long = 'x'.repeat(51_201);

/** An account whose S3 says in the place of an answer what a test wants it to. */
function account(
  settings: object = { templateBucket: 'templates' },
  refusals: { put?: AwsError; remove?: AwsError } = {},
) {
  const said: string[] = [];
  const put = jest.fn(async (_request: object) => {
    said.push('put');
    if (refusals.put) throw refusals.put;
  });
  const remove = async () => {
    said.push('delete');
    if (refusals.remove) throw refusals.remove;
  };
  const aws = {
    settings: { ...settingsOf(testAccount()), ...settings },
    s3: async () => ({ putObject: put, deleteObject: remove }),
    tell: (message: string) => void said.push(message),
  } as unknown as Aws;
  return { aws, put, said };
}
const refused = (code: string, words = code) => new AwsError(`${words} is refused.`, code, words, 'Give it.');

it('goes with the request where a request takes it', async () => {
  const { aws, said } = account({});
  expect(await withTemplate(aws, 'staging', '{}', async (source) => source)).toEqual({ TemplateBody: '{}' });
  expect(said).toEqual([]);
});

it('lies in the bucket meanwhile, in the account and for nobody else', async () => {
  const { aws, put, said } = account();
  const seen = await withTemplate(aws, 'staging', long, async (source) => {
    expect(said).toEqual(['put']);
    return source;
  });
  expect(seen).toEqual({
    TemplateURL: expect.stringMatching(
      /^https:\/\/templates\.s3\.eu-west-1\.amazonaws\.com\/berth\/staging\/[0-9a-f]{64}\.json$/,
    ),
  });
  expect(put.mock.calls[0]?.[0]).toMatchObject({
    Bucket: 'templates',
    ServerSideEncryption: 'AES256',
    ExpectedBucketOwner: '123456789012',
  });
  expect(put.mock.calls[0]?.[0]).not.toHaveProperty('ACL');
  expect(said).toEqual(['put', 'delete']);
});

it('has the domain of China there', async () => {
  const { aws } = account({ templateBucket: 'templates', region: 'cn-north-1' });
  const source: TemplateSource = await withTemplate(aws, 'staging', long, async (each) => each);
  expect(source).toMatchObject({
    TemplateURL: expect.stringContaining('templates.s3.cn-north-1.amazonaws.com.cn/'),
  });
});

it('is taken out when CloudFormation refuses it', async () => {
  const { aws, said } = account();
  const use = () => Promise.reject(refused('ValidationError', 'Template format error'));
  await expect(withTemplate(aws, 'staging', long, use)).rejects.toThrow('Template format error');
  expect(said).toEqual(['put', 'delete']);
});

it('is put there again when somebody who plans the same has taken it out', async () => {
  const { aws, said } = account();
  let asked = 0;
  const use = async () => {
    if (++asked === 1) throw refused('ValidationError', 'S3 error: The specified key does not exist.');
    return 'read';
  };
  expect(await withTemplate(aws, 'staging', long, use)).toBe('read');
  expect(said).toEqual(['put', 'delete', 'put', 'delete']);
});

it('names the permission that CloudFormation lacks to read it, after three tries', async () => {
  const { aws, said } = account();
  const use = () => Promise.reject(refused('ValidationError', 'S3 error: Access Denied'));
  await expect(withTemplate(aws, 'staging', long, use)).rejects.toMatchObject({
    message: expect.stringMatching(
      /cannot read s3:\/\/templates\/berth\/staging\/\S+: S3 error: Access Denied/,
    ),
    hint: expect.stringContaining('the permission s3:GetObject on arn:aws:s3:::templates/berth/*'),
  });
  expect(said.filter((each) => each === 'put')).toHaveLength(3);
});

it.each([
  ['NoSuchBucket', /^There is no bucket templates: .*ecs\.templateBucket\.$/, /^aws s3 mb s3:\/\/templates /],
  ['PermanentRedirect', /^The bucket templates is not in eu-west-1: /, /aws s3 mb s3:\/\/<name> --region/],
  [
    'AccessDenied',
    /Or the bucket templates is of another account than 123456789012\.$/,
    /^Give it\. aws s3api/,
  ],
])('says of %s what is wrong and what to type', async (code, message, hint) => {
  const { aws } = account(undefined, { put: refused(code) });
  await expect(withTemplate(aws, 'staging', long, async () => 'read')).rejects.toMatchObject({
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

it('tells that it stays where it may not be taken out, and goes on', async () => {
  const { aws, said } = account(undefined, { remove: refused('AccessDenied') });
  expect(await withTemplate(aws, 'staging', long, async () => 'read')).toBe('read');
  expect(said.at(-1)).toMatch(/^s3:\/\/templates\/berth\/staging\/\S+ stays: AccessDenied is refused\.$/);
});

it('is refused where no bucket is named, whatever made it that long', async () => {
  await expect(withTemplate(account({}).aws, 'staging', long, async () => 'read')).rejects.toThrow(
    'cluster.json at ecs.templateBucket: is missing; the template of staging has 51201 bytes',
  );
});
