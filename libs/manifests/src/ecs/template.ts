import { UserError, type EcsSettings, type Environment } from '@berth/model';
import { NAME_LABEL } from '../labels';
import type { ManifestObject } from '../object';
import { toYaml } from '../yaml-text';
import { LOAD_BALANCER_ID } from './load-balancer';
import { STACK_API_VERSION, STACK_KIND } from './names';

/** Bytes of a template that CloudFormation takes in one request (its quotas, "Template body size in a request"). */
export const LONGEST_TEMPLATE = 51_200;
/** And from a bucket: 1 MB (the same, "Template body size in an Amazon S3 object"; in the count of cfn-lint). */
const LONGEST_STORED_TEMPLATE = 1_000_000;
/** Of one stack (its quotas, "Resources"). */
const MOST_RESOURCES = 500;

export interface Template {
  AWSTemplateFormatVersion: string;
  Description?: string;
  Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, unknown>;
}

export interface TemplateResource {
  Type: string;
  /** Whose it is; what else an object's labels say, the stack says. */
  Metadata?: { [NAME_LABEL]?: string };
  Properties?: Record<string, unknown>;
  [attribute: string]: unknown;
}

/** The template that has these objects as its resources. */
export function templateOf(objects: readonly ManifestObject[]): Template {
  const stack = objects.find(({ kind }) => kind === STACK_KIND);
  const resources = objects.filter(({ kind }) => kind !== STACK_KIND);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    ...(typeof stack?.['Description'] === 'string' ? { Description: stack['Description'] } : {}),
    Resources: Object.fromEntries(
      resources.map(({ apiVersion: _, kind, metadata, ...rest }) => {
        const service = metadata.labels?.[NAME_LABEL];
        return [
          metadata.name,
          { Type: kind, ...(service ? { Metadata: { [NAME_LABEL]: service } } : {}), ...rest },
        ];
      }),
    ),
    ...(resources.some(({ metadata }) => metadata.name === LOAD_BALANCER_ID)
      ? {
          Outputs: {
            LoadBalancerName: {
              Description: 'Where the names of the public services must lead',
              Value: { 'Fn::GetAtt': [LOAD_BALANCER_ID, 'DNSName'] },
            },
          },
        }
      : {}),
  };
}

/** The resources of a template as objects, without labels that only the stack knows. */
export function objectsOf(template: Pick<Template, 'Resources'>): ManifestObject[] {
  return Object.entries(template.Resources).map(([name, { Type, Metadata, ...rest }]) => {
    const service = Metadata?.[NAME_LABEL];
    return {
      apiVersion: STACK_API_VERSION,
      kind: Type,
      metadata: { name, ...(service ? { labels: { [NAME_LABEL]: service } } : {}) },
      ...rest,
    };
  });
}

/** As CloudFormation gets it. */
export function templateText(objects: readonly ManifestObject[]): string {
  return JSON.stringify(templateOf(objects));
}

/** As people read it. */
export function templateYaml(objects: readonly ManifestObject[], header: string): string {
  return toYaml([templateOf(objects)], header);
}

/** @throws UserError when CloudFormation would not take it for its size, or only from a bucket that cluster.json does not name */
export function refuseTooMuch(
  environment: Pick<Environment, 'name' | 'cluster'>,
  objects: readonly ManifestObject[],
  settings: EcsSettings,
): void {
  const { name, cluster } = environment;
  const resources = objects.length - 1;
  if (resources > MOST_RESOURCES)
    throw new UserError(
      `${name} would have ${resources} resources in one stack; CloudFormation takes ${MOST_RESOURCES}.`,
      twoOfIt,
    );
  const bytes = Buffer.byteLength(templateText(objects));
  if (bytes > LONGEST_STORED_TEMPLATE)
    throw new UserError(
      `The template of ${name} would have ${bytes} bytes; CloudFormation takes ${LONGEST_STORED_TEMPLATE}.`,
      twoOfIt,
    );
  if (bytes > LONGEST_TEMPLATE && settings.templateBucket === undefined)
    throw needsBucket(name, bytes, settings, `deploy/clusters/${cluster}/cluster.json`);
}

/** Of a template that no request takes, where no bucket is named. @param file where it is to be named */
export function needsBucket(
  environment: string,
  bytes: number,
  { account, region, profile }: EcsSettings,
  file = 'cluster.json',
): UserError {
  const bucket = `berth-templates-${account}-${region}`;
  const options = `--region ${region}${profile === undefined ? '' : ` --profile ${profile}`}`;
  return new UserError(
    `${file} at ecs.templateBucket: is missing; the template of ${environment} has ${bytes} bytes, and CloudFormation takes more than ${LONGEST_TEMPLATE} only from a bucket`,
    `aws s3 mb s3://${bucket} ${options} makes one; then write "templateBucket": "${bucket}" there.`,
  );
}

const twoOfIt = 'Make two environments of it: choose fewer services by projects in env.json.';
