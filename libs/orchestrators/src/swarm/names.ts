import { dockerName, ENVIRONMENT_LABEL } from '@berth/manifests';
import { filters } from './docker/objects';

export const managedByLabel = 'app.kubernetes.io/managed-by';
export const serviceLabel = 'app.kubernetes.io/name';
export const specHashLabel = 'berth.dev/spec-hash';
/** On a service: the number of tasks that `nx scale` has given it. Deploys leave the number alone while it is there. */
export const scaledLabel = 'berth.dev/scaled';
/** On a config or secret: what it is for, one of the kinds below. */
export const kindLabel = 'berth.dev/kind';
export const kinds = {
  environment: 'environment',
  lease: 'lease',
  record: 'record',
  secret: 'secret',
} as const;
/** On an environment's mark: when it was deployed last, RFC 3339. */
export const deployedAtLabel = 'berth.dev/deployed-at';

export const environmentName = (environment: string): string => dockerName(environment, 'berth-environment');
export const leaseName = (environment: string): string => dockerName(environment, 'berth-lease');
export const recordName = (environment: string, number: number): string =>
  dockerName(environment, `berth-record-${number}`);

/** Lists what belongs to an environment. */
export function ofEnvironmentQuery(environment: string, kind?: string): { filters: string } {
  const labels = [`${ENVIRONMENT_LABEL}=${environment}`, ...(kind ? [`${kindLabel}=${kind}`] : [])];
  return { filters: filters({ label: labels }) };
}

export function labelsOf(environment: string, kind: string): Record<string, string> {
  return {
    [ENVIRONMENT_LABEL]: environment,
    'com.docker.stack.namespace': environment,
    [managedByLabel]: 'berth',
    [kindLabel]: kind,
  };
}
