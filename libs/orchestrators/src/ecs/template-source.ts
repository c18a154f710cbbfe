import { createHash } from 'node:crypto';
import { LONGEST_TEMPLATE, needsBucket } from '@berth/manifests';
import { UserError, type EcsSettings } from '@berth/model';
import type { Aws } from './aws';
import { isAwsError, named, type AwsError } from './aws-error';

/** How CloudFormation gets a template: with the request, or from a bucket. */
export type TemplateSource = { TemplateBody: string } | { TemplateURL: string };

/** How often a template is put into the bucket: whoever plans the same at the same time takes it out again. */
const attempts = 3;

/**
 * Does something for which CloudFormation reads a template. One that no request takes lies in the bucket of cluster.json
 * meanwhile: private, encrypted, and below the environment's name by a digest of its content, so that an interrupted run
 * leaves nothing that the same command would not find and take out.
 * @param use safe to begin again
 * @throws UserError when cluster.json names no bucket, or one that cannot be used
 */
export async function withTemplate<Result>(
  aws: Aws,
  environment: string,
  template: string,
  use: (source: TemplateSource) => Promise<Result>,
): Promise<Result> {
  const bytes = Buffer.byteLength(template);
  if (bytes <= LONGEST_TEMPLATE) return use({ TemplateBody: template });
  const { templateBucket: bucket } = aws.settings;
  // Resources that stay, and records of other days, may make it longer than what the models give.
  if (bucket === undefined) throw needsBucket(environment, bytes, aws.settings);
  const digest = createHash('sha256').update(template).digest('hex');
  const place = { bucket, key: `berth/${environment}/${digest}.json` };
  for (let attempt = 1; ; attempt++) {
    await put(aws, place, template);
    try {
      return await use({ TemplateURL: urlOf(aws.settings, place) });
    } catch (error) {
      if (!isUnread(error)) throw error;
      if (attempt === attempts) throw unread(place, error);
    } finally {
      await remove(aws, place);
    }
  }
}

interface Place {
  bucket: string;
  key: string;
}

async function put(aws: Aws, { bucket, key }: Place, template: string): Promise<void> {
  const s3 = await aws.s3();
  const { account, region } = aws.settings;
  try {
    await s3.putObject({
      Bucket: bucket,
      Key: key,
      Body: template,
      ContentType: 'application/json',
      ServerSideEncryption: 'AES256',
      // A bucket of that name that is somebody else's gets nothing of ours.
      ExpectedBucketOwner: account,
    });
  } catch (error) {
    if (isAwsError(error, 'NoSuchBucket'))
      throw new UserError(
        `There is no bucket ${bucket}: cluster.json names it at ecs.templateBucket.`,
        `aws s3 mb s3://${bucket} ${named(aws.settings)}`,
        { cause: error },
      );
    if (
      isAwsError(
        error,
        'PermanentRedirect',
        'AuthorizationHeaderMalformed',
        'IllegalLocationConstraintException',
      )
    )
      throw new UserError(
        `The bucket ${bucket} is not in ${region}: cluster.json names it at ecs.templateBucket.`,
        `Name one there that is: aws s3 mb s3://<name> ${named(aws.settings)}`,
        { cause: error },
      );
    if (isAwsError(error, 'AccessDenied'))
      throw new UserError(
        `${error.message} Or the bucket ${bucket} is of another account than ${account}.`,
        `${error.hint ?? ''} aws s3api get-bucket-location --bucket ${bucket} --expected-bucket-owner ${account} ${named(aws.settings)} tells which.`.trim(),
        { cause: error },
      );
    throw error;
  }
}

/** What stays does no harm, and is told. */
async function remove(aws: Aws, { bucket, key }: Place): Promise<void> {
  try {
    const s3 = await aws.s3();
    await s3.deleteObject({ Bucket: bucket, Key: key, ExpectedBucketOwner: aws.settings.account });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    aws.tell(`s3://${bucket}/${key} stays: ${error.message}`);
  }
}

/** The region's own address of the bucket, which stands in CloudFormation's events too. */
function urlOf({ region }: EcsSettings, { bucket, key }: Place): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${region}.${suffix}/${key}`;
}

/** CloudFormation says in words what S3 has told it; of an object that has gone, too, that it may not be read. */
function isUnread(error: unknown): error is AwsError {
  return isAwsError(error, 'ValidationError') && /^S3 error/i.test(error.said);
}

function unread({ bucket, key }: Place, error: AwsError): UserError {
  return new UserError(
    `CloudFormation, in the name of who deploys, cannot read s3://${bucket}/${key}: ${error.said}`,
    `Give who deploys the permission s3:GetObject on arn:aws:s3:::${bucket}/berth/*; docs/guide/ecs.md lists all that Berth needs.`,
    { cause: error },
  );
}
