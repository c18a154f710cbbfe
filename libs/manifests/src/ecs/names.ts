/** Version of CloudFormation's template format, with the group that tells its resources from other objects. */
export const STACK_API_VERSION = 'cloudformation.amazonaws.com/2010-09-09';
/** Kind of the object that stands for the stack itself. */
export const STACK_KIND = 'Stack';
/** Tag of a stack and all in it: the environment's name. A stack without it is not ours. */
export const ENVIRONMENT_TAG = 'berth:environment';
/** Tag of a stack: the environment's `ttl`; absent when it has none. */
export const TTL_TAG = 'berth:ttl';
/** Tag of a stack: `true` when the environment is protected. */
export const PROTECTED_TAG = 'berth:protected';

/** Type of the rules by which a load balancer goes. */
export const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Logical id of the Cloud Map namespace in which services of an environment find each other. */
export const NAMESPACE_ID = 'Namespace';
/** Logical id of the security group of all tasks. */
export const TASKS_GROUP_ID = 'TaskSecurityGroup';

/** Container that asks the others over HTTP or TCP whether they are well. */
export const PROBE_CONTAINER = 'berth-probe';
/** Container that gives writable folders to the service's user, and ends. */
export const FOLDERS_CONTAINER = 'berth-folders';

/** Of an environment's stack. CloudFormation wants a letter first, and an environment may begin with a digit. */
export function stackName(environment: string): string {
  return `berth-${environment}`;
}

/** Logical ids have letters and digits only: `price-feed`, `Task` → `PriceFeedTask`. */
export function logicalId(...names: string[]): string {
  return names
    .flatMap((name) => name.split('-'))
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');
}

/** Parameters of Systems Manager that hold what an environment's stack does not. */
export function parameterPath(environment: string, ...names: string[]): string {
  return ['/berth', environment, ...names].join('/');
}

/** The parameter of one secret. */
export function secretParameter(environment: string, secret: string): string {
  return parameterPath(environment, 'secrets', secret);
}

export function logGroupName(environment: string, service: string): string {
  return `/berth/${environment}/${service}`;
}
