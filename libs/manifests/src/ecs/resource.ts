import type { Environment, Service } from '@berth/model';
import { environmentLabels, serviceLabels } from '../labels';
import type { ManifestObject } from '../object';
import { STACK_API_VERSION } from './names';

/** What a resource has beside its properties. */
export interface ResourceAttributes {
  DependsOn?: readonly string[];
  DeletionPolicy?: 'Delete' | 'Retain';
  UpdateReplacePolicy?: 'Delete' | 'Retain';
}

/** One resource of an environment's stack, as an object: `kind` is its type, its name the logical id. */
export function resource(
  { environment, service }: { environment: Environment; service?: Service },
  kind: string,
  name: string,
  Properties: Record<string, unknown>,
  attributes: ResourceAttributes = {},
): ManifestObject {
  return {
    apiVersion: STACK_API_VERSION,
    kind,
    metadata: {
      name,
      labels: service ? serviceLabels(environment, service) : environmentLabels(environment),
    },
    ...(attributes.DependsOn?.length ? { DependsOn: [...attributes.DependsOn] } : {}),
    ...(attributes.DeletionPolicy ? { DeletionPolicy: attributes.DeletionPolicy } : {}),
    ...(attributes.UpdateReplacePolicy ? { UpdateReplacePolicy: attributes.UpdateReplacePolicy } : {}),
    Properties,
  };
}

/** The id or ARN, whichever is the resource's main one. */
export function ref(logicalId: string): { Ref: string } {
  return { Ref: logicalId };
}

export function attribute(logicalId: string, name: string): { 'Fn::GetAtt': [string, string] } {
  return { 'Fn::GetAtt': [logicalId, name] };
}

/** An ARN of the stack's own account and region, for example of `ssm` and `parameter/berth/staging/secrets/KEY`. */
export function arn(service: string, name: string): { 'Fn::Sub': string } {
  return {
    'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${literal(name)}`,
  };
}

/** `${…}` in a Fn::Sub stands for a value; `${!…}` for itself. */
function literal(text: string): string {
  return text.replaceAll('${', '${!');
}
