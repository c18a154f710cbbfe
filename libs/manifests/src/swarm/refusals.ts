import {
  foreignFields,
  ModelError,
  place,
  secretPath,
  type Environment,
  type PathStep,
  type Problem,
  type Service,
} from '@berth/model';
import { patchProblems } from '../refusals';
import {
  apiReaderName,
  dockerName,
  isSecretName,
  LONGEST_DOCKER_NAME,
  LONGEST_ENVIRONMENT,
  LONGEST_SECRET_NAME,
} from './names';

/**
 * Refuses what services ask for and a Swarm has not.
 * @param patches names of files that are kustomize's
 * @throws ModelError with all of it, each at its place in service.json or env.json, and why
 */
export function refuseUnsupported(
  environment: Environment,
  services: readonly Service[],
  patches: readonly string[] = [],
): void {
  const problems = [
    ...nameProblems(environment),
    ...patchProblems(environment, patches, 'Swarm'),
    ...foreignFields(environment, services),
    ...services.flatMap((service) => [
      ...problemsOf(environment, service),
      ...apiProblems(environment, service, services),
    ]),
  ];
  if (problems.length > 0) throw new ModelError(problems);
}

function nameProblems({ name, root }: Environment): Problem[] {
  if (name.length <= LONGEST_ENVIRONMENT) return [];
  return [
    {
      file: `${root}/env.json`,
      path: '',
      message: `on Swarm an environment's name has at most ${LONGEST_ENVIRONMENT} characters, not ${name.length}: what Berth keeps there has it in its name, and Docker takes ${LONGEST_SECRET_NAME}`,
      hint: 'rename the folder',
    },
  ];
}

function problemsOf(environment: Environment, service: Service): Problem[] {
  const problems: Problem[] = [];
  // Each with what to do next.
  const refuse = (path: PathStep[], message: string, hint: string): void => {
    problems.push({ ...place(environment, service, path), message, hint });
  };
  const { health, scale, volumes, sidecars, secrets } = service;
  const name = dockerName(environment.name, service.name);
  if (name.length > LONGEST_DOCKER_NAME)
    refuse(
      [],
      `is called ${name} on Swarm, and Docker takes ${LONGEST_DOCKER_NAME} characters`,
      'rename the project or the environment',
    );
  if (sidecars.length > 0 && !service.command)
    refuse(
      ['sidecars'],
      'are programs of the same container on Swarm, and nothing says which is the first one there',
      'write "command", with the program of the image',
    );
  for (const [stage, probe] of Object.entries(health ?? {})) {
    if (
      typeof probe === 'object' &&
      probe.kind === 'grpc' &&
      !problems.some(({ path }) => path.endsWith('health'))
    )
      refuse(
        ['health'],
        `asks by gRPC (${stage}); on Swarm a container is asked by its own programs, and images have none for that`,
        'write "exec" with a program of the image',
      );
  }
  if (volumes.length > 0 && scale.min > 1)
    refuse(
      ['scale', 'min'],
      `must be at most 1 on Swarm with volumes, not ${scale.min}: all tasks of a node would have one and the same`,
      `write in ${environment.root}/env.json: "services": ${JSON.stringify({ [service.name]: { scale: { min: 1 } } })}`,
    );
  secrets.forEach((secret) => {
    if (!isSecretName(environment.name, secret))
      refuse(
        secretPath(service, secret),
        `"${secret}" is too long on Swarm: with the environment's name and its version Docker takes ${LONGEST_SECRET_NAME} characters`,
        'shorten its name, or that of the environment',
      );
  });
  return problems;
}

/** The API that a service asks is Kubernetes', unless it brings a program that reads dockerd's. */
function apiProblems(environment: Environment, service: Service, services: readonly Service[]): Problem[] {
  const { name, apiAccess, apiReader } = service;
  if (!apiAccess) return [];
  if (!apiReader)
    return [
      {
        ...place(environment, service, ['apiAccess']),
        message: 'is not to be had on Swarm: there is no API server of Kubernetes',
        hint: 'deploy the service to an environment on Kubernetes',
      },
    ];
  const reader = apiReaderName(name);
  const docker = dockerName(environment.name, reader);
  const problem = (message: string): Problem[] => [
    { ...place(environment, service, ['apiReader']), message, hint: 'rename a project or the environment' },
  ];
  if (services.some((other) => other.name === reader))
    return problem(`is a service ${reader} on Swarm, and another one has that name`);
  if (docker.length > LONGEST_DOCKER_NAME)
    return problem(`is called ${docker} on Swarm, and Docker takes ${LONGEST_DOCKER_NAME} characters`);
  return [];
}
