import { UserError } from '@berth/model';
import { NAME_LABEL } from '../labels';
import type { ManifestObject } from '../object';
import { toYaml } from '../yaml-text';
import { LOAD_BALANCER_ID } from './load-balancer';
import { STACK_API_VERSION, STACK_KIND } from './names';

/** What CloudFormation takes in one request and in one stack (its quotas, "Template" and "Resources"). */
export const LONGEST_TEMPLATE = 51_200;
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

/** @throws UserError when CloudFormation would not take it for its size */
export function refuseTooMuch(environment: string, objects: readonly ManifestObject[]): void {
  const resources = objects.length - 1;
  const bytes = Buffer.byteLength(templateText(objects));
  if (resources <= MOST_RESOURCES && bytes <= LONGEST_TEMPLATE) return;
  throw new UserError(
    resources > MOST_RESOURCES
      ? `${environment} would have ${resources} resources in one stack; CloudFormation takes ${MOST_RESOURCES}.`
      : `The template of ${environment} would have ${bytes} bytes; CloudFormation takes ${LONGEST_TEMPLATE} in a request.`,
    'Make two environments of it: choose fewer services by projects in env.json.',
  );
}
