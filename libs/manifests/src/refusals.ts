import {
  foreignFields,
  ModelError,
  unopenablePorts,
  type Environment,
  type ExposingCluster,
  type Problem,
  type Service,
} from '@berth/model';

/**
 * Refuses what services ask for and an environment on Kubernetes has not.
 * @param cluster where it is to run; absent: every port can be opened
 * @throws ModelError with all of it
 */
export function refuseOnKubernetes(
  environment: Environment,
  services: readonly Service[],
  cluster: ExposingCluster | undefined,
): void {
  const problems = [
    ...foreignFields(environment, services),
    ...(cluster ? unopenablePorts(environment, services, cluster) : []),
  ];
  if (problems.length > 0) throw new ModelError(problems);
}

/** Patches of an environment that is not on Kubernetes. @param title of its orchestrator, as a person calls it */
export function patchProblems({ root }: Environment, patches: readonly string[], title: string): Problem[] {
  return patches.map((name) => ({
    file: `${root}/patches/${name}`,
    path: '',
    message: `cannot be applied: patches are kustomize’s, for the objects of Kubernetes, and this environment is on ${title}`,
    hint: `change the service in ${root}/env.json at services, and delete the file`,
  }));
}
