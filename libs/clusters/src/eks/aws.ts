import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { EKS } from '@aws-sdk/client-eks';
import { explain } from './refusal';

/** Which credentials, and where. */
export interface AwsPlace {
  region: string;
  profile?: string | undefined;
}

/** AWS' services, as far as a cluster needs them. */
export interface Aws {
  eks: EKS;
  ec2: EC2;
  cloudFormation: CloudFormation;
}

/** For tests: where another AWS answers, and who asks. */
export interface AwsOverrides {
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  maxAttempts?: number;
}

/** Loaded only when a command asks for a cluster of AWS: it takes long. */
export async function connectAws({ region, profile }: AwsPlace, overrides: AwsOverrides = {}): Promise<Aws> {
  const [{ CloudFormation: CloudFormationClient }, { EC2: Ec2Client }, { EKS: EksClient }] =
    await Promise.all([
      import('@aws-sdk/client-cloudformation'),
      import('@aws-sdk/client-ec2'),
      import('@aws-sdk/client-eks'),
    ]);
  const configuration = { region, ...(profile === undefined ? {} : { profile }), ...overrides };
  return {
    eks: new EksClient(configuration),
    ec2: new Ec2Client(configuration),
    cloudFormation: new CloudFormationClient(configuration),
  };
}

/** Asks AWS. @throws UserError that says in AWS' words what was refused, and what to do */
export async function asked<Value>(place: AwsPlace, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, place);
  }
}

/** The same of something that may not be there. */
export async function ifThere<Value>(
  place: AwsPlace,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    const { name = '', message = '' } = error as Error;
    if (name === 'ResourceNotFoundException' || /does not exist/.test(message)) return undefined;
    throw explain(error, place);
  }
}
