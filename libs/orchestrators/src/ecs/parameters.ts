import type { Aws } from './aws';
import { isAwsError } from './aws-error';

/** Characters that a standard parameter holds (Systems Manager quotas). */
export const PARAMETER_LENGTH = 4096;
/** Names that one request to delete or to read takes. */
const atOnce = 10;

export interface StoredParameter {
  /** Whole path. */
  name: string;
  value: string;
  version: number;
  /** By AWS' clock. */
  at: Date;
}

/** All below a path, in no order. @param decrypted whether secrets come as they are */
export async function parametersBelow(
  aws: Aws,
  path: string,
  { decrypted = false }: { decrypted?: boolean } = {},
): Promise<StoredParameter[]> {
  const ssm = await aws.ssm();
  const found: StoredParameter[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ssm.getParametersByPath({
      Path: path,
      Recursive: true,
      WithDecryption: decrypted,
      ...(NextToken ? { NextToken } : {}),
    });
    for (const { Name = '', Value = '', Version = 0, LastModifiedDate = new Date(0) } of page.Parameters ??
      [])
      found.push({ name: Name, value: Value, version: Version, at: LastModifiedDate });
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** Writes under a name that nobody has yet. @returns false when somebody has */
export async function createParameter(aws: Aws, name: string, value: string): Promise<boolean> {
  const ssm = await aws.ssm();
  try {
    await ssm.putParameter({
      Name: name,
      Value: value,
      Type: 'String',
      Overwrite: false,
      Tier: tierOf(value),
    });
    return true;
  } catch (error) {
    if (isAwsError(error, 'ParameterAlreadyExists')) return false;
    throw error;
  }
}

/** Writes whatever is there. @returns the version that this very value has */
export async function writeParameter(aws: Aws, name: string, value: string): Promise<number> {
  const ssm = await aws.ssm();
  const { Version = 0 } = await ssm.putParameter({
    Name: name,
    Value: value,
    Type: 'String',
    Overwrite: true,
    Tier: tierOf(value),
  });
  return Version;
}

export async function deleteParameters(aws: Aws, names: readonly string[]): Promise<void> {
  const ssm = await aws.ssm();
  for (let index = 0; index < names.length; index += atOnce)
    await ssm.deleteParameters({ Names: names.slice(index, index + atOnce) });
}

/** What is longer than usual costs a little, and is asked for only then. */
function tierOf(value: string): 'Standard' | 'Advanced' {
  return value.length > PARAMETER_LENGTH ? 'Advanced' : 'Standard';
}
