/** Names that Berth gives to what it makes on a Docker Swarm, and the limits that Docker sets for them. */

export const SWARM_API = 'docker.com/swarm';

/** The network inside an environment, where services have their short names. `docker stack deploy` calls it the same. */
export const OWN_NETWORK = 'default';
/** The network that the services with a public port and those of `admin` share, over all environments. */
export const SHARED_NETWORK = 'berth-admin';

/** By which docker's own commands find a stack. */
export const STACK_LABEL = 'com.docker.stack.namespace';
/** On everything of one environment. */
export const ENVIRONMENT_LABEL = 'berth.dev/environment';
/** On a service: its ports as JSON, by which the gateway knows a public one's number. */
export const PORTS_LABEL = 'berth.dev/ports';
/** On a service: where it says over HTTP that it is ready, as JSON (SwarmReadiness); monitoring asks it there. */
export const READINESS_LABEL = 'berth.dev/readiness';
/** In the place of an object's annotations: what the person is to know, as JSON. Never sent. */
export const NOTICES_ANNOTATION = 'berth.dev/notices';

/** Docker refuses names of services and networks beyond it (swarmkit, controlapi/common.go). */
export const LONGEST_DOCKER_NAME = 63;
/** And those of secrets and configs beyond this (swarmkit, controlapi/secret.go). */
export const LONGEST_SECRET_NAME = 64;
/** What Berth adds to the name of an environment (`_berth-record-12345.67`) must fit. */
export const LONGEST_ENVIRONMENT = 40;
/** What a secret's name gets at its end: a dot and the number of its version. */
const VERSION_LENGTH = 6;

/** Names the address of what reads dockerd's API for a service. */
export const SWARM_API_VARIABLE = 'SWARM_API_URL';
/** Names the environment that such a service is in. */
export const SWARM_ENVIRONMENT_VARIABLE = 'SWARM_ENVIRONMENT';
/** The port on which what reads it listens. */
export const SWARM_API_PORT = 8080;

/** Name of the service that reads dockerd's API for another one, and of the network that only these two share. */
export function apiReaderName(service: string): string {
  return `${service}-api`;
}

/** Docker's name of an object. No environment's name has an underscore, so the names of two never meet. */
export function dockerName(environment: string, name: string): string {
  return `${environment}_${name}`;
}

/** Whether a secret of the environment can have this name on a Swarm, with the number of its version. */
export function isSecretName(environment: string, name: string): boolean {
  return dockerName(environment, name).length + VERSION_LENGTH <= LONGEST_SECRET_NAME;
}

/** Docker fills Go templates in variables, hosts and mounts in; this keeps text as it is. */
export function literalText(text: string): string {
  return text.replaceAll('{{', '{{"{{"}}');
}
